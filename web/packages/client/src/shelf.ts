/** Where a browser keeps things between visits, if it may. Pages in private windows, and people who said no, have only memory. */

export interface Shelf {
  get(key: string): string | null;
  put(key: string, value: string): void;
  drop(key: string): void;
  keys(): string[];
}

export class MemoryShelf implements Shelf {
  private readonly held = new Map<string, string>();

  get(key: string): string | null {
    return this.held.get(key) ?? null;
  }
  put(key: string, value: string): void {
    this.held.set(key, value);
  }
  drop(key: string): void {
    this.held.delete(key);
  }
  keys(): string[] {
    return [...this.held.keys()];
  }
}

/** A browser's storage; what it refuses (full, or forbidden in the meantime) is kept in memory. */
class BrowserShelf implements Shelf {
  private readonly rest = new MemoryShelf();

  constructor(private readonly storage: Storage) {}

  get(key: string): string | null {
    return this.rest.get(key) ?? this.storage.getItem(key);
  }
  put(key: string, value: string): void {
    try {
      this.storage.setItem(key, value);
      this.rest.drop(key);
    } catch {
      this.rest.put(key, value);
    }
  }
  drop(key: string): void {
    this.rest.drop(key);
    this.storage.removeItem(key);
  }
  keys(): string[] {
    return [...new Set([...Object.keys(this.storage), ...this.rest.keys()])];
  }
}

/** The browser's storage where it is to be had, else memory. */
export function browserShelf(storage: () => Storage): Shelf {
  try {
    const found = storage();
    found.setItem("causerie:probe", "1");
    found.removeItem("causerie:probe");
    return new BrowserShelf(found);
  } catch {
    return new MemoryShelf();
  }
}

/** A JSON value of a shelf; null where there is none, or where somebody else has been at it. */
export function read<T>(shelf: Shelf, key: string): T | null {
  const text = shelf.get(key);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
