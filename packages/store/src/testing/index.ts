export { dropDatabase } from "./drop-database.ts"
