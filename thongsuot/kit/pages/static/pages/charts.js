/* Draws every [data-chart] with ECharts from the JSON block that it names. The table beside it stays. */
const palette = {
  light: { text: '#3b4654', line: '#dfe4ea', tones: { ok: '#2e7d4f', info: '#2b6cb0', warn: '#c27803', bad: '#b83232', quiet: '#7a8696' } },
  dark: { text: '#d3dae3', line: '#3a4656', tones: { ok: '#5fbf86', info: '#7ab3ea', warn: '#e3b04b', bad: '#ef8a8a', quiet: '#97a3b3' } }
}
const order = ['info', 'ok', 'warn', 'bad', 'quiet']
const drawn = new Map()

function colours () {
  return palette[document.documentElement.getAttribute('data-bs-theme') === 'dark' ? 'dark' : 'light']
}

function series (figure, shades, still) {
  const stacked = figure.kind === 'stacked' || figure.kind === 'hstacked'
  const type = figure.kind === 'line' ? 'line' : 'bar'
  const named = figure.series.map((item, index) => ({
    name: item.name,
    type,
    data: item.data,
    stack: stacked ? 'all' : undefined,
    barMaxWidth: 28,
    smooth: false,
    connectNulls: false,
    animation: !still,
    symbolSize: item.edge ? 0 : undefined,
    lineStyle: item.edge ? { type: 'dashed', width: 1 } : undefined,
    itemStyle: { color: shades.tones[item.tone || order[index % order.length]] }
  }))
  return [...band(figure, shades), ...named]
}

/* The area between the series marked edge: "low" and edge: "high": an unseen line and what is stacked on it. */
function band (figure, shades) {
  const [low, high] = ['low', 'high'].map((edge) => figure.series.find((item) => item.edge === edge))
  if (!low || !high) return []
  const none = { type: 'line', stack: 'band', symbol: 'none', silent: true, animation: false, lineStyle: { opacity: 0 }, tooltip: { show: false } }
  const between = low.data.map((value, index) => value === null ? null : high.data[index] - value)
  return [
    { ...none, name: '', data: low.data },
    { ...none, name: '', data: between, areaStyle: { color: shades.tones[low.tone || 'info'], opacity: 0.16 } }
  ]
}

// 24.500 in Vietnamese, 24,500 in English.
function worded (number) {
  return typeof number === 'number' ? number.toLocaleString(document.documentElement.lang || 'vi') : number
}

function said (points) {
  const lines = points.filter((point) => point.seriesName && point.value !== null && point.value !== undefined)
  return [points[0].name, ...lines.map((point) => `${point.marker}${point.seriesName}: ${worded(point.value)}`)].join('\n')
}

function pie (figure, shades, still) {
  const first = figure.series[0]
  const tones = first.tones || []
  return [{
    name: first.name,
    type: 'pie',
    radius: ['45%', '72%'],
    animation: !still,
    label: { color: shades.text, formatter: (point) => `${point.name}: ${worded(point.value)}` },
    data: figure.categories.map((name, index) => ({
      name, value: first.data[index], itemStyle: { color: shades.tones[tones[index] || order[index % order.length]] }
    }))
  }]
}

function option (figure) {
  const shades = colours()
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  const common = {
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: shades.text },
    aria: { enabled: true, decal: { show: true }, label: { description: figure.title } },
    tooltip: { renderMode: 'richText', trigger: figure.kind === 'pie' ? 'item' : 'axis', confine: true, valueFormatter: worded, formatter: figure.series.some((item) => item.edge) ? said : undefined },
    legend: { data: figure.kind === 'pie' ? undefined : figure.series.map((item) => item.name), show: figure.series.length > 1 || figure.kind === 'pie', bottom: 0, textStyle: { color: shades.text } }
  }
  if (figure.kind === 'pie') return { ...common, series: pie(figure, shades, still) }
  const across = figure.kind === 'hbar' || figure.kind === 'hstacked'
  const names = {
    type: 'category',
    data: figure.categories,
    inverse: across,
    axisLabel: { color: shades.text, width: across ? 150 : undefined, overflow: across ? 'truncate' : undefined, hideOverlap: true },
    axisLine: { lineStyle: { color: shades.line } }
  }
  const values = {
    type: 'value',
    name: across ? undefined : figure.unit,
    scale: figure.series.some((item) => item.edge),
    nameTextStyle: { color: shades.text, align: 'left' },
    axisLabel: { color: shades.text, formatter: worded },
    splitLine: { lineStyle: { color: shades.line } }
  }
  return {
    ...common,
    grid: { left: 4, right: 18, top: figure.unit && !across ? 30 : 12, bottom: figure.series.length > 1 ? 34 : 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
    series: series(figure, shades, still)
  }
}

function draw (place) {
  const figure = JSON.parse(document.getElementById(place.dataset.chart).textContent)
  let instance = drawn.get(place)
  if (!instance) {
    instance = window.echarts.init(place, null, { renderer: 'canvas' })
    drawn.set(place, instance)
  }
  instance.setOption(option(figure), true)
}

function drawAll () { document.querySelectorAll('[data-chart]').forEach(draw) }

if (window.echarts) {
  drawAll()
  window.addEventListener('resize', () => drawn.forEach((instance, place) => { if (place.clientWidth && place.clientHeight) instance.resize() }))
  document.addEventListener('ts:theme', drawAll)
  document.body.addEventListener('htmx:afterSwap', drawAll)
}
