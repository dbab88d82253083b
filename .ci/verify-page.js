// Opens a page in a real browser as a person would, on a phone and on a desktop, in light and dark, and says what goes wrong:
// messages on the console, requests for anything, text that runs out of the window, a search that does not find, and what
// axe-core finds that a screen reader or weak eyes would stumble over.
//   node verify-page.js PAGE.html SCREENSHOTS-DIRECTORY CHROMIUM
const { chromium } = require("playwright-core")
const axe = require("axe-core").source
const path = require("path")

async function main([page, shots, executablePath]) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] })
  const wrong = []
  const url = "file://" + path.resolve(page)
  const name = path.basename(page, ".html")
  for (const [device, width, height, colorScheme, javaScriptEnabled] of [
    ["phone", 390, 844, "light", true], ["desktop", 1280, 900, "light", true], ["dark", 1280, 900, "dark", true], ["noscript", 1280, 900, "light", false],
  ]) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, javaScriptEnabled })
    const tab = await context.newPage()
    tab.on("console", (m) => wrong.push(`${device}: console: ${m.text()}`))
    tab.on("pageerror", (e) => wrong.push(`${device}: ${e.message}`))
    tab.on("request", (r) => r.url() === url || r.url().startsWith("data:") || wrong.push(`${device}: asks for ${r.url().slice(0, 200)}`))
    tab.on("dialog", (d) => { wrong.push(`${device}: a dialog`); d.dismiss() })
    await tab.goto(url)
    await tab.screenshot({ path: path.join(shots, `${name}-${device}.png`) })
    // Playwright evaluates in a world of its own, which works without the page's scripts too.
    const excess = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (excess > 0) wrong.push(`${device}: ${excess} px wider than the window`)
    const seen = () => tab.locator("article:visible").count()
    const all = await seen()
    if (all === 0) wrong.push(`${device}: no paper to be seen`)
    if (!javaScriptEnabled) {
      if (await tab.locator("#tools").isVisible()) wrong.push("noscript: tools that cannot work are shown")
    } else {
      const first = (await tab.locator("article h3 a").first().textContent()).trim()
      await tab.fill("#query", first.split(" ")[0])
      const found = await seen()
      if (found === 0 || (found === all && all > 1)) wrong.push(`${device}: a search for ${first.split(" ")[0]} shows ${found} of ${all}`)
      await tab.fill("#query", "nothing has these words")
      if ((await seen()) !== 0) wrong.push(`${device}: a search for nothing shows something`)
      await tab.fill("#query", "")
      for (const order of ["newest", "year", "versions", "title"]) {
        await tab.selectOption("#order", order)
        if ((await seen()) !== all) wrong.push(`${device}: order ${order} shows ${await seen()} of ${all}`)
      }
      const titles = await tab.locator("article:visible h3").allTextContents()
      if (titles.length > 2 && titles[0] === first && device === "desktop") wrong.push("desktop: the order by title is the list's order")
      await tab.selectOption("#order", "list")
      if ((await seen()) !== all || (await tab.locator("article h3 a").first().textContent()).trim() !== first) wrong.push(`${device}: the list's order does not come back`)
      // With everything unfolded but the names of large collaborations.
      await tab.evaluate(() => document.querySelectorAll("details:not(.more)").forEach((d) => { d.open = true }))
      await tab.evaluate(axe)
      for (const { id, nodes } of (await tab.evaluate(() => axe.run({ exclude: [".more"] }))).violations) wrong.push(`${device}: axe: ${id}: ${nodes[0].html.slice(0, 200)}`)
    }
    await context.close()
  }
  await browser.close()
  for (const line of wrong) console.log(line)
  process.exitCode = wrong.length ? 1 : 0
}

main(process.argv.slice(2))
