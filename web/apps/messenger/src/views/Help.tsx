/** Articles in place of a conversation: looking for one, and reading it. From both a way leads on to people. */

import type { Article as ArticleOf, ArticleLine } from "@causerie/client";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useLanguage, useMessenger, useStore, useTexts } from "../hooks.js";
import { linkUrl, articleNodes } from "@causerie/client/safe";
import { longDay } from "../times.js";
import { Icon } from "./Icons.js";

export function Help(): JSX.Element {
  const { library } = useMessenger();
  const texts = useTexts();
  const { query, results, failed } = useStore(library.looked);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    library.look(library.looked.get().query);
    field.current?.focus();
  }, [library]);
  return (
    <main class="help-view">
      <form class="help-search" role="search" onSubmit={(event) => event.preventDefault()}>
        <Icon name="search" size={18} />
        <input
          ref={field}
          type="search"
          class="input"
          dir="auto"
          maxLength={200}
          autocomplete="off"
          aria-label={texts.helpSearch}
          placeholder={texts.helpSearch}
          value={query}
          onInput={(event) => library.look(event.currentTarget.value)}
        />
      </form>
      <div class="help-scroll">
        {query.trim() === "" && results !== null && results.length > 0 && <h2 class="help-title">{texts.helpStarters}</h2>}
        {results === null && !failed && <span class="spinner" />}
        <p class={results?.length ? "unseen" : "help-none"} role="status">
          {failed ? texts.unavailable : results === null ? "" : results.length > 0 ? texts.helpFound(results.length) : texts.helpNone}
        </p>
        <Lines lines={results ?? []} />
      </div>
      <Contact />
    </main>
  );
}

function Lines({ lines }: { lines: readonly ArticleLine[] }): JSX.Element {
  const messenger = useMessenger();
  return (
    <ul class="help-lines">
      {lines.map((line) => (
        <li key={line.id}>
          <button type="button" onClick={() => messenger.read(line.id)} lang={line.locale}>
            <span class="help-line-title" dir="auto">
              {line.title}
            </span>
            {line.parts.length > 0 && (
              <span class="help-line-words" dir="auto">
                {line.parts.map(([text, isHit]) => (isHit ? <mark>{text}</mark> : text))}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Article({ id }: { id: string }): JSX.Element {
  const { library } = useMessenger();
  const texts = useTexts();
  const [found, setFound] = useState<ArticleOf | null | "failed">(null);
  useEffect(() => {
    let left = false;
    library.open(id).then(
      (article) => left || setFound(article),
      () => left || setFound("failed"),
    );
    return () => {
      left = true;
    };
  }, [library, id]);
  return (
    <main class="help-view">
      <div class="help-scroll" tabIndex={0} role="region" aria-label={texts.help}>
        {found === null && <span class="spinner" />}
        {found === "failed" && (
          <p class="help-none" role="status">
            {texts.unavailable}
          </p>
        )}
        {found !== null && found !== "failed" && <Read article={found} />}
      </div>
      <Contact />
    </main>
  );
}

function Read({ article }: { article: ArticleOf }): JSX.Element {
  const { texts, locale } = useLanguage();
  const title = useRef<HTMLHeadingElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.replaceChildren(articleNodes(article.body)), [article]);
  useEffect(() => title.current?.focus(), [article]);
  const url = linkUrl(article.url);
  return (
    <article class="help-article" lang={article.locale}>
      <h2 ref={title} tabIndex={-1} dir="auto">
        {article.title}
      </h2>
      <p class="help-facts">
        {texts.helpUpdated(longDay(locale, article.updatedAt))}
        {url !== null && (
          <a href={url} target="_blank" rel="noopener" data-page>
            {texts.helpPage} <Icon name="link" size={14} />
          </a>
        )}
      </p>
      <div class="rich help-prose" dir="auto" ref={box} />
    </article>
  );
}

/** On to people: to the conversation that one came from. */
function Contact(): JSX.Element {
  const messenger = useMessenger();
  const texts = useTexts();
  return (
    <div class="help-contact">
      <button type="button" class="action primary" onClick={() => messenger.contact()}>
        <Icon name="compose" size={18} /> {texts.helpContact}
      </button>
    </div>
  );
}
