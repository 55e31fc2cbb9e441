/** The page of whoever is signed in. */

import { Conversation } from "./conversation/Conversation.js";
import { useRoute } from "./route.js";
import { Side } from "./side/Side.js";
import { useTexts } from "./texts/language.js";

export function App() {
  const route = useRoute();
  const texts = useTexts();
  return (
    <div className="shell">
      <nav aria-label={texts.inbox} />
      {route.open.kind === "conversation" ? (
        <>
          <Conversation key={route.open.id} id={route.open.id} />
          <Side conversation={route.open.id} />
        </>
      ) : (
        <p>{texts.nothingOpen}</p>
      )}
    </div>
  );
}
