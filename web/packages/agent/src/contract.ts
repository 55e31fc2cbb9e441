/** What agents say and hear here is what the server says of the stream: the compiler looks, and nothing of this file runs. */

import type { AgentHears, AgentSays, Event, PostbackFrame, VisitFrame, RoutedFrame, RoutingEvent as Routed } from "@causerie/api/stream";
import type { AgentEvent, FromServer, RoutingEvent, ToServer } from "./frames.js";

type Fits<One extends Other, Other> = One;

/** Visitors' own frames are among the common ones. */
export type Said = Fits<ToServer, AgentSays | PostbackFrame | VisitFrame>;
export type Heard = Fits<Exclude<AgentHears, RoutedFrame>, FromServer>;
/** Of the routing what is about work; who is there is told by other fields. */
export type Told = [Fits<Event, AgentEvent>, Fits<Extract<Routed, { payload: { ticketId: string; epoch: number } }>, RoutingEvent>];
