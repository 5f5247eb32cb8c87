import type { DeadLetterStore } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { type JobDocument, jobsCollection } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"
import { causesOfDeadLetters } from "./causes-of-dead-letters.ts"
import type { DeadLetterContext } from "./dead-letter-context.ts"
import { discardDeadLetters, discardOldDeadLetters } from "./discard-dead-letters.ts"
import { findDeadLetter } from "./find-dead-letter.ts"
import { listDeadLetters } from "./list-dead-letters.ts"
import { replayProgress } from "./replay-progress.ts"
import { summariseDeadLetters } from "./summarise-dead-letters.ts"

/** The `DeadLetterStore` on a database that has its indexes: a view on the jobs. */
export function createDeadLetterStore(options: { readonly database: Database; readonly operations: Operations }): DeadLetterStore {
  const context: DeadLetterContext = { toJobs: sendTo<JobDocument>(options.database, jobsCollection), operations: options.operations }
  return {
    list: listDeadLetters(context),
    find: findDeadLetter(context),
    summarise: summariseDeadLetters(context),
    causes: causesOfDeadLetters(context),
    discard: discardDeadLetters(context),
    discardOld: discardOldDeadLetters(context),
    countFailures: countFailures(context),
    progressOf: replayProgress(context),
  }
}

function countFailures({ toJobs, operations }: DeadLetterContext): DeadLetterStore["countFailures"] {
  return ({ from, until }) =>
    operations.run("count of dead letters", () =>
      toJobs((jobs) =>
        jobs.countDocuments({
          "deadLetter.state": { $in: ["open", "replayed", "discarded"] },
          "deadLetter.at": { $gte: from, $lt: until },
        }),
      ),
    )
}
