/**
 * The job object: the one place that knows which files a job has and how far they are, and the scheduler that
 * releases their steps. (Method signatures agreed first; see DESIGN sections 3 and 7.)
 *
 * Submitting
 *   submit(s: Submission): Outcome<SubmitAnswer>
 *   spool(s: SpooledSubmission): Outcome<SubmitAnswer>          expands in slices on the alarm
 *   registered(): void                                         D1 has the job's row
 *   finalize(group): Outcome<{ finalizedAt: number }>
 *   cancel(group): Outcome<JobView>
 *   retry(group, codes: Code[] | null): Outcome<{ retried: number }>
 *   cancelFile(group, seq) / retryFile(group, seq): Outcome<FileView>
 *   remove(group): Outcome<Receipt>                            the whole job; conflict while files run
 *   removeFile(group, seq): Outcome<Receipt>
 * Reading (group is checked: another group's is `forbidden`)
 *   job(group): Outcome<JobView>
 *   file(group, seq): Outcome<FileView>
 *   fileByCustomId(group, customId): Outcome<FileView>          unknown and foreign are both not_found
 *   files(group, { status, limit, after }): Outcome<{ files: FileView[]; next: number | null }>
 * Working
 *   claim(seq, part, attempt, step): Work | null
 *   fetched(seq, attempt, { key, bytes, sha256, filename }): Work | null    null = queued or nothing to do; Work = go on at once
 *   reserve(seq, attempt, pages): Outcome<null>
 *   split(seq, attempt, { pages: number[]; partPages: number }): boolean
 *   progress(seq, attempt, pagesDone): boolean                 false = stop, the lease is gone
 *   partDone(seq, part, attempt): boolean
 *   done(seq, attempt, { pages, formats, bytes }): boolean     completes the file; a stale attempt changes nothing
 *   failed(seq, part, attempt, { code, message, retry }): void  another try with back-off, or the end
 */
export {};
