/**
 * What the workspace reads of the server's answers is what the server says of itself: the compiler looks, and nothing of this file runs.
 * If it complains, an answer was changed on one side alone: see `gateway/support/shapes.py` and its like.
 */

import type * as api from "@causerie/api";
import type { Listed } from "@causerie/agent";
import type * as own from "./types.js";

type Fits<One extends Other, Other> = One;

/** What the server tells has all that is read here. */
export type Told = [
  Fits<api.Ticket, own.Ticket>,
  Fits<api.User, own.Person>,
  Fits<api.Identity, own.Identity>,
  Fits<api.Audit, own.Audit>,
  Fits<api.Comment, own.Comment>,
  Fits<api.TicketField, own.Field>,
  Fits<api.Group, own.Group>,
  Fits<api.DeskAgent, own.DeskAgent>,
  Fits<api.Queue, own.Queue>,
  Fits<api.Line, own.Line>,
  Fits<api.WaitingWork, own.Waiting>,
  Fits<api.View, own.View>,
  Fits<api.ViewCount, own.ViewCount>,
  Fits<api.Macro, own.Macro>,
  Fits<api.Answer<"GET /api/v2/desk/conversations/{conversation}">, own.Dossier>,
  Fits<api.Answer<"GET /api/v2/desk/conversations">["conversations"][number], Listed>,
  Fits<api.Answer<"GET /api/v2/search">["results"][number], own.SearchResult>,
];

/** And what is told of a ticket here is what the server takes. */
export type Said = Fits<own.TicketChange, api.TicketBody>;
