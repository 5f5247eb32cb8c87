import type { Scope } from "@sluice/core"
import type { IconName } from "../kit/icon.tsx"

export interface NavigationItem {
  readonly to: "/overview" | "/jobs" | "/playground" | "/endpoints" | "/dead-letters" | "/webhooks" | "/usage"
  readonly label: string
  readonly icon: IconName
  /** Who lacks it does not see the page in the navigation. */
  readonly scope: Scope
}

/** In the order in which they are shown. A page that is not there yet is not here. */
export const navigation: readonly NavigationItem[] = [
  { to: "/overview", label: "Overview", icon: "overview", scope: "usage:read" },
  { to: "/jobs", label: "Jobs", icon: "jobs", scope: "jobs:read" },
  { to: "/playground", label: "Playground", icon: "playground", scope: "jobs:write" },
  { to: "/endpoints", label: "Endpoints", icon: "endpoints", scope: "operate:read" },
  { to: "/dead-letters", label: "Dead letters", icon: "dead-letters", scope: "dead-letters:read" },
  { to: "/webhooks", label: "Webhooks", icon: "webhooks", scope: "webhooks:read" },
  { to: "/usage", label: "Usage", icon: "usage", scope: "usage:read" },
]
