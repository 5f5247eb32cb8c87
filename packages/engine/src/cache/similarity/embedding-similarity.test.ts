import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { noSignal } from "../testing/answer-cache-harness.ts"
import { createEmbeddingSimilarity, type Embed } from "./embedding-similarity.ts"
import { createSimilarities } from "./similarities.ts"
import { cosine, maxDimensions } from "./similarity.ts"

/** Embeds each text as the JSON that it is. */
const parsing: Embed = (texts) => Promise.resolve(texts.map((text) => JSON.parse(text)))

function counting(embed: Embed = parsing) {
  const asked: string[] = []
  const counted: Embed = (texts, signal) => {
    asked.push(...texts)
    return embed(texts, signal)
  }
  return { asked, embed: counted }
}

async function vectorOf(values: readonly number[]) {
  const vector = await createEmbeddingSimilarity({ model: "m", embed: parsing }).vectorOf(JSON.stringify(values), noSignal)
  return vector ?? Float32Array.of()
}

describe("similarity by embeddings", () => {
  test("is the cosine of what the model returns", async () => {
    expect(await vectorOf([3, 4])).toEqual(Float32Array.of(0.6, 0.8))
    expect(cosine(await vectorOf([3, 4]), await vectorOf([6, 8]))).toBe(1)
    expect(cosine(await vectorOf([1, 0]), await vectorOf([0, 5]))).toBe(0)
  })

  test("folds long vectors, and all but keeps the angle", async () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1_536, maxLength: 1_536 })
    await fc.assert(
      fc.asyncProperty(values, fc.double({ min: 0, max: 0.3, noNaN: true }), async (one, noise) => {
        fc.pre(one.some((value) => Math.abs(value) > 0.01))
        const other = one.map((value, index) => value + noise * Math.sin(index * index))
        const [a, b] = [await vectorOf(one), await vectorOf(other)]
        expect(a).toHaveLength(maxDimensions)
        expect(cosine(a, a)).toBe(1)
        const exact = dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))
        expect(Math.abs(cosine(a, b) - exact)).toBeLessThan(0.2)
      }),
      { numRuns: 20 },
    )
  })

  test("asks once for a text, and again after a failure", async () => {
    let isDown = true
    const { asked, embed } = counting((texts, signal) => (isDown ? Promise.reject(new Error("down")) : parsing(texts, signal)))
    const similarity = createEmbeddingSimilarity({ model: "m", embed })
    await expect(similarity.vectorOf("[1]", noSignal)).rejects.toThrow("down")
    isDown = false
    await similarity.vectorOf("[1]", noSignal)
    await similarity.vectorOf("[1]", noSignal)
    await similarity.vectorOf("[0]", noSignal)
    expect(await similarity.vectorOf("[0]", noSignal)).toBeNull()
    expect(asked).toEqual(["[1]", "[1]", "[0]"])
  })

  test("remembers a bounded number of texts, the latest", async () => {
    const { asked, embed } = counting()
    const similarity = createEmbeddingSimilarity({ model: "m", embed })
    for (let index = 0; index <= 256; index += 1) await similarity.vectorOf(`[${index}]`, noSignal)
    await similarity.vectorOf("[256]", noSignal)
    expect(asked).toHaveLength(257)
    await similarity.vectorOf("[0]", noSignal)
    expect(asked).toHaveLength(258)
  })

  test("ends with the caller's signal, and after its own time", async () => {
    const hanging: Embed = (_texts, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))
    const controller = new AbortController()
    const left = createEmbeddingSimilarity({ model: "m", embed: hanging }).vectorOf("x", controller.signal)
    controller.abort(new Error("gone"))
    await expect(left).rejects.toThrow("gone")
    const late = createEmbeddingSimilarity({ model: "m", embed: hanging, timeoutMs: 5 }).vectorOf("x", noSignal)
    await expect(late).rejects.toMatchObject({ name: "TimeoutError" })
  })

  test("names what returned no vector", async () => {
    const similarity = createEmbeddingSimilarity({ model: "tiny", embed: () => Promise.resolve([]) })
    await expect(similarity.vectorOf("x", noSignal)).rejects.toThrow("tiny returned no vector")
  })
})

test("a route without an embedding is compared by letters, others in a space for each model", () => {
  const models = new Map([
    ["a", "m-1"],
    ["b", "m-2"],
  ])
  const similarityOf = createSimilarities({ embedderOf: (endpoint) => ({ model: models.get(endpoint) ?? "", embed: parsing }) })
  const spaceOf = (embedding?: string) => similarityOf({ threshold: 0.9, ...(embedding && { embedding }) }).space
  expect([spaceOf(), spaceOf("a"), spaceOf("b")]).toEqual(["lexical-1", "embedding-m-1", "embedding-m-2"])
  expect(similarityOf({ threshold: 0.9, embedding: "a" })).toBe(similarityOf({ threshold: 0.5, embedding: "a" }))
  models.set("a", "m-3")
  expect(spaceOf("a")).toBe("embedding-m-3")
})

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)
}
