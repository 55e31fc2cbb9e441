/** The server by HTTP: typed functions over `/api/v2`, each with the `Rest` of whoever is signed in. */

export * from "./context.js";
export * as desk from "./desk.js";
export * as finding from "./finding.js";
export * from "./keys.js";
export * as people from "./people.js";
export * from "./rest.js";
export * as routing from "./routing.js";
export * as tickets from "./tickets.js";
export * from "./types.js";
