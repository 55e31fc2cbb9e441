/** The page of whoever is signed in. */

import { Connected } from "./session/Connected.js";
import { Shell } from "./shell/Shell.js";

export function App() {
  return (
    <Connected>
      <Shell />
    </Connected>
  );
}
