/** What tabs of one browser agree on, by the browser's locks. Where there are none (pages without TLS), each tab is for itself. */

type Locks = Pick<LockManager, "request">;

function locks(): Locks | null {
  return typeof navigator !== "undefined" && "locks" in navigator ? navigator.locks : null;
}

/** Do `work` while no other tab does work of that name. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const found = locks();
  return found === null ? work() : ((await found.request(name, work)) as T);
}

/** Hold a name until the returned function is called, or the tab ends. */
export function hold(name: string): () => void {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  void locks()?.request(name, () => held);
  return () => release();
}

/** Do `work` if nobody holds the name: if its tab is gone. */
export async function ifGone(name: string, work: () => void): Promise<void> {
  const found = locks();
  if (found === null) return work();
  await found.request(name, { ifAvailable: true }, (lock) => {
    if (lock !== null) work();
  });
}
