// The durable queue, as the studio sees it.
export { openJobs } from './jobs'
export { jobTables } from './store'
export type { JobDevices, JobLibrary, Jobs, JobsOptions } from './types'
