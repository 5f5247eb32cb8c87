/**
 * The reason of the signals that a closing worker aborts: the work is to be handed back, not to be given up. Recognised by
 * its name where this class cannot be imported.
 */
export class WorkerDraining extends Error {
  constructor() {
    super("The worker is closing: hand the job back.")
    this.name = "WorkerDraining"
  }
}
