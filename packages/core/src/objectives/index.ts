export { type ObjectivesConfig, objectivesConfig } from "../configuration/objectives.ts"
export { burnRateOf, countEvents, type ObjectiveCounts } from "./count-events.ts"
export { type Objective, type ObjectiveName, objectiveNames, objectivesOf } from "./objective.ts"
