/* Keeps the time chips and the clock right without reloading: every 15 seconds from data-due, data-warn, data-start. */
import { fill, onContent, within, words } from "./words.js";

const ZONE = "Asia/Shanghai";
const DAY = 24 * 60;
const ICONS = { calm: "clock", soon: "clock", late: "alert-triangle" };
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

function local(date) {
  const found = Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value]));
  const day = Date.UTC(found.year, found.month - 1, found.day);
  return { ...found, date: found.day, day, clock: `${found.hour}:${found.minute}`, weekday: (new Date(day).getUTCDay() + 6) % 7 };
}

const count = (text, ...numbers) => numbers.reduce((result, number, index) => result.replace(`-${index + 1}`, number), text);

export function spanWords(milliseconds, brief) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  if (minutes < 1) return words.underMin;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return count(words.min, rest);
  if (minutes >= 3 * DAY) {
    const days = Math.floor(hours / 24);
    const text = count(days === 1 ? words.day : words.days, days);
    return brief || !(hours % 24) ? text : fill(count(words.daysHours, hours % 24), { days: text });
  }
  if (!rest || (brief && minutes >= DAY)) return count(words.hours, hours);
  return count(words.hoursMin, hours, rest);
}

export function momentWords(moment, now) {
  const then = local(moment);
  const days = Math.round((then.day - local(now).day) / 86400000);
  if (days === 0) return then.clock;
  if (days === 1) return fill(words.tomorrow, { time: then.clock });
  if (days > 1 && days < 7) return `${words.weekdays[then.weekday]} ${then.clock}`;
  if (Math.abs(days) < 300) return `${then.month}-${then.date} ${then.clock}`;
  return new Date(then.day).toISOString().slice(0, 10);
}

function tick(chip, now) {
  const due = new Date(chip.dataset.due);
  const warn = chip.dataset.warn ? new Date(chip.dataset.warn) : null;
  const tone = now > due ? "late" : warn && now >= warn ? "soon" : "calm";
  const brief = !("full" in chip.dataset);
  const [much, until] = [chip.querySelector("b"), chip.querySelector("span")];
  much.textContent = fill(tone === "late" ? words.overdue : words.left, { span: spanWords(due - now, brief) });
  until.textContent = fill(words.by, { target: chip.dataset.target, moment: momentWords(due, now) });
  if (chip.dataset.time !== tone) {
    chip.dataset.time = tone;
    const use = chip.querySelector("use");
    if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[tone]}`));
  }
  if (tone === "late") chip.style.setProperty("--used", 100);
}

function tickAll(scope = document) {
  const now = new Date(Date.now() + skew);
  within(scope, ".time-chip[data-due]").forEach((chip) => tick(chip, now));
  within(scope, "[data-clock]").forEach((element) => { element.textContent = local(now).clock; });
}

/* The server's clock decides: a computer at the desk may be minutes off. */
const served = document.documentElement.dataset.now;
const skew = served ? new Date(served) - performance.timeOrigin - (performance.getEntriesByType("navigation")[0]?.responseStart || 0) : 0;

onContent((scope) => { if (scope !== document) tickAll(scope); });
setInterval(tickAll, 15000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) tickAll(); });
