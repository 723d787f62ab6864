// Shell code around a program that outlives whoever started it: start it, watch it, type to it, learn how it ended.
//
// All about it lies in one directory of the node, its place, which only its owner can read. The program itself claims
// the place first (`mkdir begun`), so that of two who want to know whether it has begun only one can be right.
import { plainly, wideTerminal } from '../plain-terminal.ts'
import { quote } from '../quote.ts'

const here = (place: string): string => `p=${quote(place)}`

/** Ends with 0 where process `$1`, started at `$2` since boot `$3`, is still the same. */
const alive = `
alive() { [ "$3" = "$(cat /proc/sys/kernel/random/boot_id)" ] && [ "$2" = "$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20)" ]; }`

/** First lines of a program: claims the place, then says which process it is. */
const claim = (place: string): string => `${here(place)}
mkdir "$p/begun" || exit 125
echo "$$ $(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20) $(cat /proc/sys/kernel/random/boot_id)" >"$p/pid"`

/** Last lines: the exit status is there as a whole or not at all. */
const leave = `s=$?
echo "$s" >"$p/exit.new" && mv "$p/exit.new" "$p/exit"`

/** Exit status of a start where the node lacks what it takes; nothing was started. */
export const cannotLast = 69

/** What runs on the terminal. Its words stand on the screen between two marks. */
export const onTerminal = (place: string, command: string, mark: string): string => `${claim(place)}
${plainly}
stty sane cols ${wideTerminal.columns} rows ${wideTerminal.rows} 2>/dev/null
echo ${mark}
(eval ${quote(` ${command}`)})
${leave}
echo "${mark} $s"
`

/**
 * Starts what stands on stdin as a program on a terminal, without a parent and without a connection.
 *
 * The pipe is opened for both ways, so that nobody who lets go of it ends the program's input.
 */
export const startOnTerminal = (place: string, mark: string): string => `${here(place)}
(umask 077; mkdir -p "$p") && cat >"$p/program" || exit
for tool in script setsid mkfifo tail; do command -v "$tool" >/dev/null 2>&1 || { : >"$p/bare"; exit ${cannotLast}; }; done
(umask 077; mkfifo "$p/in" && : >"$p/screen" && : >"$p/typed" && echo ${mark} >"$p/mark") || exit
SHELL=/bin/sh setsid script -q -f -c "exec /bin/sh '$p/program'" "$p/screen" <>"$p/in" >/dev/null 2>&1 &`

/** What runs without a terminal: its output goes to files, its input comes from whoever started it. */
export const inBackground = (place: string, script: string): string => `${claim(place)}
(eval ${quote(` ${script}`)}) >"$p/out" 2>"$p/err"
${leave}
`

/** Starts a program that reads the stdin of this very script. */
export const startInBackground = (place: string, program: string): string => `${here(place)}
command -v setsid >/dev/null 2>&1 || { mkdir -p "$p"; : >"$p/bare"; exit ${cannotLast}; }
(umask 077; mkdir -p "$p") && printf '%s' ${quote(program)} >"$p/program" || exit
exec 3<&0
setsid /bin/sh "$p/program" <&3 >/dev/null 2>&1 &
exec 3<&-`

/** Tells in one word, and a number, what became of a program; only looks. */
export const tellState = (place: string): string => telling(place, '[ ! -d "$p/begun" ]')

/** The same, and a place where none has begun is closed for good. */
export const claimState = (place: string): string =>
  telling(place, 'mkdir -p "$p" 2>/dev/null; mkdir "$p/begun" 2>/dev/null && : >"$p/void"')

const telling = (place: string, isVoid: string): string => `${here(place)}
${alive}
for try in 1 2 3 4 5; do
  if [ -e "$p/exit" ]; then echo "ended $(cat "$p/exit")"; break; fi
  if [ -e "$p/bare" ]; then echo bare; break; fi
  if [ -s "$p/pid" ]; then
    if alive $(cat "$p/pid"); then echo running; break; fi
    [ -e "$p/exit" ] && continue
    echo died; break
  fi
  if [ -e "$p/void" ]; then echo void; break; fi
  if ${isVoid}; then echo void; break; fi
  sleep 1
done
echo "mark $(cat "$p/mark" 2>/dev/null)"
cat "$p/typed" 2>/dev/null; :`

/**
 * Shows the screen from one byte on, for as long as the program lives.
 *
 * @param from Bytes that are known already.
 */
export const showScreen = (place: string, from: number): string => `${here(place)}
${alive}
often=; tail -s 0.1 -c 0 /dev/null >/dev/null 2>&1 && often='-s 0.1'
tail $often -c +${from + 1} -f "$p/screen" & t=$!
tries=0
while [ ! -e "$p/exit" ]; do
  if [ -s "$p/pid" ]; then alive $(cat "$p/pid") || break; else tries=$((tries + 1)); [ $tries -le 3 ] || break; fi
  sleep 1
done
sleep 1; kill $t`

/** At most so much of a screen at once. */
const largestPiece = 65_536

/** Tells first whether the program is `over`, then what its screen has from one byte on, byte by byte in hex. */
export const morePieces = (place: string, from: number): string => `${here(place)}
${alive}
if [ -e "$p/exit" ] || { [ -s "$p/pid" ] && ! alive $(cat "$p/pid"); }; then echo over; else echo on; fi
tail -c +${from + 1} "$p/screen" | head -c ${largestPiece} | od -A n -v -t x1`

/** Types what stands on stdin. What is typed is noted first: rather asked of a person than typed twice. */
export const type = (place: string, note: string): string => `${here(place)}
echo ${quote(note)} >>"$p/typed" && cat 1<>"$p/in"`

/** Tells the settings of the terminal that a program runs on; only looks. */
export const terminalSettings = (place: string): string => `stty -a <"/proc/$(${processIn(place)})/fd/0"`

/** Short waits at first, so that a short command costs no more than it takes; then longer ones. */
export const firstWaits = { from: 0, to: 66 } as const
export const laterWaits = { from: 50, to: 66 } as const

/**
 * Waits some seconds for the end, and tells on the first line `running`, `died`, or `ended STATUS` before all that the
 * program said.
 */
export const awaitEnd = (
  place: string,
  { from, to }: { readonly from: number; readonly to: number },
): string => `${here(place)}
${alive}
n=${from}
while [ ! -e "$p/exit" ] && [ $n -lt ${to} ]; do
  n=$((n + 1))
  if [ $n -le 50 ]; then sleep 0.02 2>/dev/null || sleep 1; else sleep 0.25 2>/dev/null || sleep 1; fi
done
if [ -e "$p/exit" ]; then echo "ended $(cat "$p/exit")"; cat "$p/out"; cat "$p/err" >&2
elif [ -s "$p/pid" ] && ! alive $(cat "$p/pid") && [ ! -e "$p/exit" ]; then echo died
else echo running; fi`

export const processIn = (place: string): string => `cut -d' ' -f1 ${quote(`${place}/pid`)}`

export const clearPlace = (place: string): string => `rm -rf ${quote(place)}`
