/** Two short sounds, made on the spot: that somebody wrote, and that work is offered. */

import { settings } from "../shell/settings.js";

/** Tones as (Hz, begin in s, length in s). */
type Tones = readonly (readonly [number, number, number])[];

const MESSAGE: Tones = [
  [659, 0, 0.09],
  [880, 0.08, 0.16],
];
const OFFER: Tones = [
  [523, 0, 0.12],
  [659, 0.12, 0.12],
  [784, 0.24, 0.12],
  [1047, 0.36, 0.3],
];
const LOUDNESS = 0.07;
const PAUSE_MS = 1_500;

let context: AudioContext | null = null;
let lastAt = 0;

function play(tones: Tones): void {
  if (!settings().sounds || Date.now() - lastAt < PAUSE_MS) return;
  context ??= typeof AudioContext === "undefined" ? null : new AudioContext();
  // Browsers are silent until somebody has touched the page.
  if (context === null || (context.state === "suspended" && !navigator.userActivation.hasBeenActive)) return;
  lastAt = Date.now();
  void context.resume();
  for (const tone of tones) ring(context, tone);
}

function ring(made: AudioContext, [hertz, after, lasts]: Tones[number]): void {
  const from = made.currentTime + 0.02 + after;
  const tone = new OscillatorNode(made, { type: "sine", frequency: hertz });
  const loudness = new GainNode(made, { gain: 0 });
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, from + 0.012);
  loudness.gain.exponentialRampToValueAtTime(0.0001, from + lasts);
  tone.connect(loudness).connect(made.destination);
  tone.start(from);
  tone.stop(from + lasts + 0.02);
}

export const ringMessage = (): void => play(MESSAGE);
export const ringOffer = (): void => play(OFFER);
