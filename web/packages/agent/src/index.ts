export * from "./agent.js";
export * from "./api.js";
export * from "./frames.js";
export * from "./signatures.js";
export * from "./state.js";
export { emptyThread, reduce } from "./thread.js";
