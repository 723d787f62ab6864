// Servers that allow few channels at a time (`MaxSessions 1`): one has to end before the next can be opened.
import { Problem } from '../model/problem.ts'
import { waited } from './waited.ts'

export const isRefused = (error: unknown): boolean => error instanceof Problem && error.code === 'channel-refused'

/**
 * Opens a channel where another one has ended right now: the server counts that until it has buried its process.
 *
 * @throws {Problem} `channel-refused` when there is still no room after a second.
 */
export const untilOpen = async <T>(open: () => Promise<T>, tries = 20): Promise<T> => {
  try {
    return await open()
  } catch (error) {
    if (!isRefused(error) || tries === 0) throw error
    await waited(50)
    return untilOpen(open, tries - 1)
  }
}
