/** Where a browser signs in, looks who it is, and signs out. */
export const dashboardSessionPath = "/dashboard/session"

/**
 * Has to come with every call that changes something on a session's cookie. No other site can have a browser send it, since browsers ask
 * the API first whether a page of another origin may, and it does not say yes.
 */
export const dashboardHeader = "x-sluice-dashboard"
