/* Draws what only dashboards have (map, pyramid, flow) from the JSON block that [data-drawing] names, and saves any
   chart as a picture. The table beside it stays. */
const palette = {
  light: { text: '#3b4654', line: '#dfe4ea', male: '#2b6cb0', female: '#c27803', land: '#e9edf2', from: '#d6e6f7', to: '#1f4e86' },
  dark: { text: '#d3dae3', line: '#3a4656', male: '#7ab3ea', female: '#e3b04b', land: '#27313d', from: '#25425f', to: '#9cc8f2' }
}
const drawn = new Map()
const maps = new Map()

const shadesNow = () => palette[document.documentElement.getAttribute('data-bs-theme') === 'dark' ? 'dark' : 'light']
const shown = (number) => number === null || number === undefined || Number.isNaN(number) ? null : number.toLocaleString(document.documentElement.lang || 'vi')

function common (figure, shades) {
  return {
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: shades.text },
    animation: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    aria: { enabled: true, label: { description: figure.title } }
  }
}

function pyramid (figure, shades) {
  const sides = [[-1, shades.male], [1, shades.female]]
  return {
    ...common(figure, shades),
    tooltip: { renderMode: 'richText', trigger: 'axis', confine: true, valueFormatter: (value) => shown(Math.abs(value)) },
    legend: { bottom: 0, textStyle: { color: shades.text } },
    grid: { left: 4, right: 12, top: 8, bottom: 34, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'value', axisLabel: { color: shades.text, hideOverlap: true, formatter: (value) => shown(Math.abs(value)) }, splitLine: { lineStyle: { color: shades.line } } },
    yAxis: { type: 'category', data: figure.categories, axisTick: { show: false }, axisLabel: { color: shades.text }, axisLine: { lineStyle: { color: shades.line } } },
    series: figure.series.map((side, index) => ({
      name: side.name, type: 'bar', stack: 'all', barMaxWidth: 22, itemStyle: { color: sides[index][1] }, data: side.data.map((value) => sides[index][0] * value)
    }))
  }
}

function flow (figure, shades, place) {
  const narrow = place.clientWidth < 520
  return {
    ...common(figure, shades),
    tooltip: { renderMode: 'richText', trigger: 'item', confine: true },
    series: [{
      type: 'sankey', left: 4, right: narrow ? 84 : 150, top: 8, bottom: 8, nodeGap: 13, nodeWidth: narrow ? 8 : 20, layoutIterations: 0, draggable: false,
      data: figure.nodes.map((name) => ({ name })), links: figure.links,
      label: { color: shades.text, fontSize: narrow ? 9 : 12, formatter: (item) => item.name.replace(/ \([^)]*\)$/, '') }, labelLayout: { hideOverlap: true }, lineStyle: { color: 'gradient', opacity: 0.45 }
    }]
  }
}

function map (figure, shades) {
  const names = new Map(figure.data.map((one) => [one.name, one.label]))
  const values = figure.data.map((one) => one.value).filter((value) => value !== null)
  const least = values.length ? Math.min(...values) : 0
  const most = values.length ? Math.max(...values) : 1
  return {
    ...common(figure, shades),
    tooltip: {
      renderMode: 'richText',
      trigger: 'item',
      confine: true,
      formatter: (item) => (names.get(item.name) || item.name) + '\n' + (shown(item.value) === null ? figure.none : shown(item.value) + ' ' + figure.unit)
    },
    visualMap: { min: least, max: most > least ? most : least + 1, calculable: true, left: 4, bottom: 4, text: [figure.high, figure.low], textStyle: { color: shades.text }, inRange: { color: [shades.from, shades.to] }, formatter: (value) => shown(Math.round(value * 10) / 10) },
    series: [{
      type: 'map', map: figure.source, nameProperty: 'code', roam: true, scaleLimit: { min: 1, max: 12 }, selectedMode: false,
      itemStyle: { areaColor: shades.land, borderColor: shades.line, borderWidth: 0.6 },
      label: { show: false }, emphasis: { label: { show: false } },
      data: figure.data.filter((one) => one.value !== null).map((one) => ({ name: one.name, value: one.value }))
    }]
  }
}

const kinds = { map, pyramid, flow }

async function boundaries (address) {
  if (maps.has(address)) return
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(address)
  window.echarts.registerMap(address, await answer.json())
  maps.set(address, true)
}

/* A place without a size (folded away, in the middle of a change of layout) cannot be drawn in: ECharts has no transform
   from a map to nothing, and throws. It is drawn, or fitted, when it has a size again. */
const hasSize = (place) => place.clientWidth > 0 && place.clientHeight > 0

const sizes = new ResizeObserver((changes) => changes.forEach(({ target }) => {
  if (!hasSize(target)) return
  const instance = drawn.get(target)
  if (!instance) draw(target).catch(() => giveUp(target))
  else if (instance.getWidth() !== target.clientWidth || instance.getHeight() !== target.clientHeight) instance.resize()
}))

async function draw (place) {
  const figure = JSON.parse(document.getElementById(place.dataset.drawing).textContent)
  if (figure.kind === 'map') await boundaries(figure.source)
  if (!hasSize(place)) return
  let instance = drawn.get(place)
  if (!instance) {
    instance = window.echarts.init(place, null, { renderer: 'canvas' })
    drawn.set(place, instance)
  }
  instance.setOption(kinds[figure.kind](figure, shadesNow(), place), true)
}

/* What cannot be drawn leaves its table, which says the same. */
function giveUp (place) {
  sizes.unobserve(place)
  drawn.get(place)?.dispose()
  drawn.delete(place)
  place.remove()
}

function drawAll () {
  document.querySelectorAll('[data-drawing]').forEach((place) => draw(place).then(() => sizes.observe(place)).catch(() => giveUp(place)))
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-save-chart]')
  if (!button || !window.echarts) return
  const instance = window.echarts.getInstanceByDom(document.getElementById(button.dataset.saveChart))
  if (!instance) return
  const link = document.createElement('a')
  link.href = instance.getDataURL({ pixelRatio: 2, backgroundColor: getComputedStyle(document.body).backgroundColor })
  link.download = button.dataset.name
  link.click()
})

if (window.echarts) {
  drawAll()
  document.addEventListener('ts:theme', drawAll)
}
