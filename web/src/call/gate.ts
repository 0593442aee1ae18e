/** Tells the node whether our gate is to be open: one telling at a time, and the last wish wins.
 *
 * Two tellings that are under way together could arrive the wrong way round and leave the gate open. A closing that is
 * not answered is told again; an opening that is not answered is taken for done and closed. */

const AGAIN_AFTER_MS = 400;

/** What became of a telling: `refused` is a final no, `unknown` may have been done. */
export type Told = "done" | "refused" | "unknown";

export class Gate {
  private wish = false;
  private open = false;
  private busy = false;

  /** `say` tells the node; `failed` hears that the gate could not be opened. */
  constructor(
    private readonly say: (open: boolean) => Promise<Told>,
    private readonly failed: () => void,
    private readonly pause = () => new Promise<void>((done) => setTimeout(done, AGAIN_AFTER_MS)),
  ) {}

  want(open: boolean): void {
    this.wish = open;
    if (!this.busy) void this.work();
  }

  /** The node has closed it by itself: the call is over or held, or the leg is. Nothing needs to be told. */
  shut(): void {
    this.wish = false;
    this.open = false;
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.wish !== this.open) {
      const wish = this.wish;
      const told = await this.say(wish);
      if (told === "done") this.open = wish;
      else if (wish) {
        this.open = told === "unknown";
        this.wish = false;
        this.failed();
      } else if (told === "refused") this.open = false;
      else if (this.open) await this.pause();
    }
    this.busy = false;
  }
}
