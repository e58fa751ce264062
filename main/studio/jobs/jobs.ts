import type { Jobs, JobsOptions } from './types'
export declare function openJobs(options: JobsOptions): Promise<Jobs>
