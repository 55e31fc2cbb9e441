/** What a message says, whatever it is. */

import { linkUrl } from "@causerie/client/safe";
import type { JSX } from "preact";
import { useTexts } from "../hooks.js";
import type { Shown } from "../model.js";
import { Actions } from "./Actions.js";
import { Answers, Form } from "./Form.js";
import { Carousel, Rows } from "./Items.js";
import { FileCard, Picture, Place } from "./Media.js";
import { Rich } from "./Rich.js";

export function Body({ message, response }: { message: Shown; response: Shown | undefined }): JSX.Element | null {
  const texts = useTexts();
  const { content } = message;
  if (message.deleted) return <Bubble message={message}>{<p class="plain faint">{texts.deleted}</p>}</Bubble>;
  switch (content.type) {
    case "text":
      return (
        <>
          {(content.text || content.htmlText) && (
            <Bubble message={message}>
              <Rich text={content.text} htmlText={content.htmlText} />
              <Sources message={message} />
            </Bubble>
          )}
          <Actions message={message} actions={content.actions ?? []} />
        </>
      );
    case "carousel":
      return <Carousel message={message} content={content} />;
    case "list":
      return <Rows message={message} content={content} />;
    case "form":
      return <Form message={message} content={content} response={response} />;
    case "formResponse":
      return <Bubble message={message}>{<Answers content={content} />}</Bubble>;
    case "image":
      return (
        <>
          <Picture content={content} />
          <Caption message={message} text={content.text} htmlText={content.htmlText} />
          <Actions message={message} actions={content.actions ?? []} />
        </>
      );
    case "file":
      return (
        <>
          <FileCard content={content} />
          <Caption message={message} text={content.text} htmlText={content.htmlText} />
        </>
      );
    case "location":
      return <Place content={content} />;
    case "template":
      return <Bubble message={message}>{<p class="plain faint">{texts.template}</p>}</Bubble>;
  }
}

function Bubble({ message, children }: { message: Shown; children: JSX.Element | (JSX.Element | null)[] }): JSX.Element {
  return <div class={`bubble ${message.own ? "own" : "theirs"}`}>{children}</div>;
}

function Caption({ message, text, htmlText }: { message: Shown; text: string | undefined; htmlText: string | undefined }): JSX.Element | null {
  if (!text && !htmlText) return null;
  return <Bubble message={message}>{<Rich text={text} htmlText={htmlText} />}</Bubble>;
}

/** What an answer rests on. */
function Sources({ message }: { message: Shown }): JSX.Element | null {
  const texts = useTexts();
  if (message.references.length === 0) return null;
  return (
    <div class="sources">
      <p>{texts.sources}</p>
      <ol>
        {message.references.map((one) => {
          const url = linkUrl(one.uri);
          return (
            <li key={one.uri}>
              {url === null ? (
                <span dir="auto">{one.title}</span>
              ) : (
                <a href={url} target="_blank" rel="noopener noreferrer" title={one.description} dir="auto">
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
