/** The messenger in its frame: `/messenger/<id of the web integration>`. */

import "./styles/base.css";
import "./styles/log.css";
import "./styles/contents.css";
import "./styles/composer.css";
import "./styles/help.css";
import { render } from "preact";
import { Messenger } from "./messenger.js";
import { Page } from "./page.js";
import { App } from "./views/App.js";

const integration = location.pathname.split("/").pop() ?? "";
const page = new Page();
await page.connect();
const messenger = new Messenger(location.origin, integration, page);
render(<App messenger={messenger} />, document.getElementById("app") as HTMLElement);
await messenger.start();
