/** What was written was overtaken while it was looked at: the operation starts over, within its time. */
export class TryAgain extends Error {
  constructor(why: string) {
    super(why)
    this.name = "TryAgain"
  }
}
