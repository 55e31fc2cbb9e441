/** Which events an agent is to hear of. Pure. */

import type { AgentEvent, AgentMessage } from "@causerie/agent";

export interface Ears {
  readonly me: string;
  /** The conversation is this agent's. */
  readonly isMine: boolean;
  /** It is open before their eyes. */
  readonly isInSight: boolean;
}

/** The message to tell of: a customer's in the agent's own conversation, or a note that names the agent. Null: nothing to tell. */
export function isNews(event: AgentEvent | null, ears: Ears): AgentMessage | null {
  if (event === null || ears.isInSight) return null;
  const message = event.payload.message as AgentMessage | undefined;
  if (message === undefined) return null;
  if (event.type === "conversation:message") return ears.isMine && message.author.type === "user" ? message : null;
  if (event.type === "causerie:note:create") return message.author.agentId !== ears.me && (ears.isMine || mentions(message, ears.me)) ? message : null;
  return null;
}

/** Notes name agents in their metadata. */
function mentions(message: AgentMessage, me: string): boolean {
  const named = message.metadata?.["mentions"];
  return typeof named === "string" && named.split(",").includes(me);
}
