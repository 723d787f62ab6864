// zod writes a function for each schema when it is first used: a command is over before that pays.
import { config } from 'zod'

config({ jitless: true })
