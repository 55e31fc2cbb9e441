/** The few drawings there are: lines of one weight on a grid of 24. They say nothing to a screen reader; what holds them does. */

import type { JSX } from "preact";

const PATHS = {
  back: "M15 5 8 12l7 7",
  book: "M5 4.5h9.5A2.5 2.5 0 0 1 17 7v13H7a2 2 0 0 1-2-2V4.5Zm0 13A1.5 1.5 0 0 1 6.5 16H17",
  check: "m5 12.500 4.500 4.500L19 7.500",
  chevron: "m6 9 6 6 6-6",
  close: "M6 6l12 12M18 6 6 18",
  compose: "M12 20h8M16.500 4.500a2.100 2.100 0 0 1 3 3L8.500 18.500 4 20l1.500-4.500Z",
  download: "M12 4v11m0 0 4.500-4.500M12 15l-4.500-4.500M5 20h14",
  end: "M12 3.500v8M6.300 6.600a8 8 0 1 0 11.400 0",
  file: "M13.500 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.500Zm0 0v5.500H19",
  forward: "m9 5 7 7-7 7",
  link: "M14 5h5v5M19 5l-8 8M17 14v4a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h4",
  pin: "M12 21s7-6.200 7-11.500A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21Zm0-9a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
  retry: "M4.500 12a7.500 7.500 0 1 1 2.200 5.300M4.500 12V6.500M4.500 12H10",
  search: "m20 20-3.8-3.8M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z",
  send: "M12 19V5m0 0-6 6m6-6 6 6",
  spark: "M12 3.500c.700 4.700 3.800 7.800 8.500 8.500-4.700.700-7.800 3.800-8.500 8.500-.700-4.700-3.800-7.800-8.500-8.500 4.700-.700 7.800-3.800 8.500-8.500Z",
  clip: "m20 11.500-8 8a5 5 0 0 1-7.100-7.100l8.400-8.400a3.400 3.400 0 0 1 4.800 4.800l-8.300 8.300a1.700 1.700 0 0 1-2.400-2.400l7.500-7.400",
  warning: "M12 8v5m0 3.500v.010M12 3.500 21.500 20h-19Z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <path d={PATHS[name]} stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
