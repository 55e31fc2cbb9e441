/** Where something will be: its shape, until it is there. */
export function Skeleton({ width = "100%", height = 12, round = false }: { width?: number | string; height?: number | string; round?: boolean }) {
  return <span className="skeleton" data-round={round || undefined} style={{ inlineSize: width, blockSize: height }} aria-hidden />;
}
