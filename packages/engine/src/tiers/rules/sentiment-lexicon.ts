const list = (words: string) => words.trim().split(/\s+/)

/**
 * How good or bad a word sounds, from 3 to -3. `positive`, `negative` and `neutral` are not in it, nor are words that mostly occur
 * in the question itself: a prompt that asks for a sentiment is not to answer itself.
 */
const wordsByValence: readonly (readonly [valence: number, words: string])[] = [
  [
    3,
    `amazing awesome brilliant delighted ecstatic excellent exceptional extraordinary fabulous fantastic flawless incredible
     magnificent marvellous marvelous outstanding perfect perfectly phenomenal spectacular splendid stunning superb terrific
     thrilled wonderful`,
  ],
  [
    2,
    `adore beautiful beautifully best charming delicious delight delightful elegant enjoy enjoyable enjoyed enjoying enthusiastic
     exciting favorite favourite glad gorgeous grateful great happier happiest happily happy impressed impressive love loved
     lovely loves loving pleasant pleased recommend recommended reliable satisfied satisfying smooth smoothly success successful
     superior thank thankful thanks top trust valuable win winner won`,
  ],
  [
    1,
    `accurate affordable attractive better bonus calm clean clear comfortable convenient easily easy effective efficient fair fast
     fine friendly fun good handy helped helpful helps improve improved improvement interesting kind like liked likes nice
     polite pretty promising prompt properly quick quickly safe secure solid solved stable useful welcome well works worth`,
  ],
  [
    -1,
    `bug bugs clumsy cold complicated confused confusing cumbersome delay delayed delays difficult dirty doubt dull error errors
     expensive hard inconvenient issue issues lack lacking late loud messy missed missing noisy odd overpriced poor problem
     problems questionable sadly slow slowly slower stuck tired trouble uncomfortable unclear unfortunately weak weird worry`,
  ],
  [
    -2,
    `angry annoyed annoying avoid bad badly boring broke broken complain complained complaint crash crashed crashes cry damage
     damaged defective dirt disappoint disappointed disappointing disappointment dislike disliked fail failed failing fails failure
     faulty frustrated frustrating frustration ignored incompetent inferior insult lie lied lies lost mess mistake nasty pain
     painful pathetic refund regret rude sad sick stupid terribly ugly unacceptable unhappy unreliable upset useless waste
     wasted worse wrong`,
  ],
  [
    -3,
    `abysmal appalling atrocious awful awfully catastrophe catastrophic disaster disastrous disgusted disgusting dreadful
     fraud furious garbage hate hated hates horrible horrific horrified nightmare outrageous rubbish scam terrible trash worst
     worthless`,
  ],
  [2, "\u{1f600} \u{1f603} \u{1f604} \u{1f60a} \u{1f60d} \u{1f970} \u{1f44d} \u{1f389} \u2764 \u{1f525} \u{1f64f}"],
  [-2, "\u{1f620} \u{1f621} \u{1f622} \u{1f62d} \u{1f44e} \u{1f494} \u{1f61e} \u{1f92e} \u{1f92c} \u{1f612}"],
]

/** Words in small letters by their valence. */
export const valences: ReadonlyMap<string, number> = new Map(
  wordsByValence.flatMap(([valence, words]) => list(words).map((word) => [word, valence] as const)),
)

/** They turn round what follows; contractions with `n't` do so too. */
export const negations: ReadonlySet<string> = new Set(
  list("no not never none nobody nothing neither nor nowhere without hardly barely scarcely cannot dont doesnt didnt isnt wasnt wont cant"),
)

/** By how much they change what follows. */
export const intensifiers: ReadonlyMap<string, number> = new Map([
  ...list("very really extremely absolutely completely totally incredibly so highly deeply utterly truly too exceptionally").map(
    (word) => [word, 1.3] as const,
  ),
  ...list("slightly somewhat fairly rather kinda little bit quite partly mildly").map((word) => [word, 0.7] as const),
])
