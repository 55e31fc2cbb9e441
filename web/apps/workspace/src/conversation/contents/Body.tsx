/** What a message says, whatever it is. */

import type { Content } from "@causerie/client";
import { linkUrl } from "@causerie/client/safe";
import type { ReactNode } from "react";
import { useTexts } from "../../texts/language.js";
import type { Said } from "../rows.js";
import { Actions } from "./Actions.js";
import { Answers, Form } from "./Form.js";
import { Carousel, Rows } from "./Items.js";
import { FileCard, Picture, Place } from "./Media.js";
import { Mentions } from "./Mentions.js";
import { Rich } from "./Rich.js";

export function Body({ said, isAnswered }: { said: Said; isAnswered: boolean }) {
  const texts = useTexts();
  if (said.deleted) {
    return (
      <Bubble>
        <p className="talk-plain talk-faint">{texts.talkDeleted}</p>
      </Bubble>
    );
  }
  const content = shownOf(said.content);
  return (
    <>
      <Main content={content} said={said} isAnswered={isAnswered} />
      {"actions" in content && content.type !== "list" && <Actions actions={content.actions} />}
    </>
  );
}

/** What was written here in Markdown is shown as it was written, until the server has made HTML of it. */
function shownOf(content: Said["content"]): Content {
  if ("markdownText" in content) return { type: "text", text: content.markdownText };
  return content as Content;
}

function Main({ content, said, isAnswered }: { content: Content; said: Said; isAnswered: boolean }) {
  const texts = useTexts();
  switch (content.type) {
    case "text":
      if (!content.text && !content.htmlText) return null;
      return (
        <Bubble>
          {said.internal && content.htmlText === undefined ? <Mentions text={content.text ?? ""} /> : <Rich text={content.text} htmlText={content.htmlText} />}
          <Sources said={said} />
        </Bubble>
      );
    case "carousel":
      return <Carousel content={content} />;
    case "list":
      return <Rows content={content} />;
    case "form":
      return <Form content={content} isAnswered={isAnswered} />;
    case "formResponse":
      return <Bubble>{<Answers content={content} />}</Bubble>;
    case "image":
      return (
        <>
          <Picture content={content} />
          <Caption text={content.text} htmlText={content.htmlText} />
        </>
      );
    case "file":
      return (
        <>
          <FileCard content={content} />
          <Caption text={content.text} htmlText={content.htmlText} />
        </>
      );
    case "location":
      return <Place content={content} />;
    case "template":
      return <Bubble>{<p className="talk-plain talk-faint">{texts.talkTemplate}</p>}</Bubble>;
  }
}

function Bubble({ children }: { children: ReactNode }) {
  return <div className="talk-bubble">{children}</div>;
}

function Caption({ text, htmlText }: { text: string | undefined; htmlText: string | undefined }) {
  if (!text && !htmlText) return null;
  return <Bubble>{<Rich text={text} htmlText={htmlText} />}</Bubble>;
}

/** What an answer rests on. */
function Sources({ said }: { said: Said }) {
  const texts = useTexts();
  if (said.references.length === 0) return null;
  return (
    <div className="talk-sources">
      <p>{texts.talkSources}</p>
      <ol>
        {said.references.map((one) => {
          const url = linkUrl(one.uri);
          return (
            <li key={one.uri} dir="auto">
              {url === null ? (
                one.title
              ) : (
                <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={one.description}>
                  {one.title}
                </a>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
