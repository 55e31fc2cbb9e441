/**
 * What this package says of the stream is what the server says of itself: the compiler looks, and nothing of this file runs.
 * If it complains, a frame or an event was changed on one side alone.
 */

import type { Event, VisitorHears, VisitorSays } from "@causerie/api/stream";
import type { FromServer, StreamEvent, ToServer } from "./frames.js";

type Fits<One extends Other, Other> = One;

/** All that is said here may be said, and all that may be heard is understood. */
export type Said = Fits<ToServer, VisitorSays>;
export type Heard = Fits<VisitorHears, FromServer>;
export type Told = Fits<Event, StreamEvent>;
/** And nothing that may be said or heard is missing here. */
export type Missing = Fits<VisitorSays["type"], ToServer["type"]> | Fits<FromServer["type"], VisitorHears["type"]>;
