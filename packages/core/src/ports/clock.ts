/** The present time. An argument wherever behaviour depends on it, so that tests decide what time it is. */
export type Clock = () => Date

/** Uniform in [0, 1). */
export type Random = () => number
