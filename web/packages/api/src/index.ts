export type * from "./operations.js";
export * from "./call.js";
