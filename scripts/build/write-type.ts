import { type Checker, type Symbol as Property, SymbolFlags, type Type, type TypeReference } from "typescript/unstable/sync"

/** Types that stay names, by what their own alias is called: recursive ones, which cannot be written out. */
export type KeptNames = Readonly<Record<string, string>>

/**
 * Writes out a type in full, so that it needs none of the types that it was inferred from. The comments on its properties come along.
 * Throws for what a JSON document cannot have, such as functions: that is written by hand where it is.
 */
export function writeType(checker: Checker, type: Type, kept: KeptNames, indent = ""): string {
  const name = kept[type.getAliasSymbol()?.name ?? ""]
  if (name !== undefined) return name
  if (type.isBooleanLiteralType() || type.isNumberLiteralType() || type.isStringLiteralType()) return JSON.stringify(type.value)
  if (type.isIntrinsicType()) return type.intrinsicName
  if (type.isUnionType()) return writeUnion(checker, type.getTypes(), kept, indent)
  if (checker.isArrayType(type) && type.isTypeReference()) return writeArray(checker, type, kept, indent)
  if (type.isObjectType() && !type.isTupleType()) return writeObject(checker, type, kept, indent)
  throw new Error(`${checker.typeToString(type)} cannot be written out`)
}

function writeArray(checker: Checker, type: TypeReference, kept: KeptNames, indent: string): string {
  const [item] = checker.getTypeArguments(type)
  if (item === undefined) throw new Error("An array has no type of its items")
  const text = writeType(checker, item, kept, indent)
  return item.isUnionType() && kept[item.getAliasSymbol()?.name ?? ""] === undefined ? `(${text})[]` : `${text}[]`
}

function writeUnion(checker: Checker, types: readonly Type[], kept: KeptNames, indent: string): string {
  const texts = new Set(types.map((type) => writeType(checker, type, kept, indent)))
  if (texts.has("true") && texts.delete("false")) {
    texts.delete("true")
    texts.add("boolean")
  }
  // What is missing is written last, as people do.
  const isMissing = (text: string) => text === "null" || text === "undefined"
  return [...texts].toSorted((a, b) => Number(isMissing(a)) - Number(isMissing(b))).join(" | ")
}

function writeObject(checker: Checker, type: Type, kept: KeptNames, indent: string): string {
  const inner = `${indent}  `
  const indexed = checker
    .getIndexInfosOfType(type)
    .map(({ keyType, valueType }) => `[key: ${checker.typeToString(keyType)}]: ${writeType(checker, valueType, kept, inner)}`)
  const properties = checker.getPropertiesOfType(type).map((property) => {
    const value = checker.getTypeOfSymbol(property)
    if (value === undefined) throw new Error(`${property.name} has no type`)
    const comment = property.getDocumentationComment(checker) || descriptionOf(property)
    const doc = comment === "" ? "" : `/** ${comment.replaceAll("\n", `\n${inner} * `)} */\n${inner}`
    const isOptional = (property.flags & SymbolFlags.Optional) !== 0
    const key = /^[A-Za-z_$][\w$]*$/.test(property.name) ? property.name : JSON.stringify(property.name)
    return `${doc}${key}${isOptional ? "?" : ""}: ${writeType(checker, value, kept, inner)}`
  })
  const members = [...indexed, ...properties]
  return members.length === 0 ? "{}" : `{\n${members.map((member) => `${inner}${member}\n`).join("")}${indent}}`
}

/** What a schema says of itself at its end: `z.string().describe("...")`, or in its `meta`. */
function descriptionOf(property: Property): string {
  const schema = property.declarations[0]?.resolve()?.getText() ?? ""
  const [, literal = '""'] = /\.(?:describe\(|meta\(\{[^{}]*description: )\s*("(?:[^"\\]|\\.)*")[^()]*\)$/.exec(schema) ?? []
  const text: string = JSON.parse(literal)
  return text
}
