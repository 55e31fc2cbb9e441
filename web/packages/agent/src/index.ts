export * from "./frames.js";
export * from "./signatures.js";
export * from "./state.js";
