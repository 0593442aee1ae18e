/** Whether our own node is heard. Without a fresh beat nothing on the screen is true any more. Times are steady ms. */

/** The node beats every 2 s; after this it counts as lost (docs/spec/api.md, Streams). */
export const LOST_AFTER_MS = 5_000;

export class Watchdog {
  private heardAt: number | null = null;
  private down = false;

  /** Something came from the node. */
  heard(now: number): void {
    this.heardAt = now;
    this.down = false;
  }

  /** The connection broke: nothing needs to be waited for. */
  broke(): void {
    this.down = true;
  }

  /** Whether what is shown may be believed. */
  fresh(now: number): boolean {
    return !this.down && this.heardAt !== null && now - this.heardAt < LOST_AFTER_MS;
  }
}
