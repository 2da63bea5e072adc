// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/report/html.h"

namespace caliptra::report {

std::string_view style() {
  return R"css(
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#17202b;--soft:#5a6675;--line:#dfe4ea;--bar:#3b78c3;--track:#e9edf2;
--good:#1d7a46;--bad:#b3261e;--cell:#e6eaef;--h1:#cfe0f5;--h2:#93bbe8;--h3:#4d8bd3;--h4:#1f5da8;
--p0:#3b78c3;--p1:#c7772b;--p2:#2f8f6b;--p3:#a0528f;--p4:#8a7a22;--p5:#4c63b6;--p6:#b4504b;--p7:#5c7f8c;--on:#fff}
@media(prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--ink:#e4e9f0;--soft:#9aa7b6;--line:#2c3541;--bar:#6ea3e3;--track:#28303b;
--good:#63c78d;--bad:#f2877f;--cell:#262e39;--h1:#1f3c60;--h2:#2b609e;--h3:#5792d8;--h4:#a9cdf6;
--p0:#5b93d8;--p1:#d0914f;--p2:#4fac88;--p3:#bb76ab;--p4:#aa9a45;--p5:#7488d4;--p6:#cf7771;--p7:#7d9dab;--on:#0d1117}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1240px;margin:0 auto;padding:28px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}h2{font-size:18px;margin:0 0 4px}
p.note{color:var(--soft);margin:0 0 14px;font-size:13.5px}
.verdict{font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}
section,.tiles{margin-top:20px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;overflow-x:auto}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px}
.tile b{display:block;font-size:22px;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.3}
.tile span{color:var(--soft);font-size:13px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{font-weight:600;text-align:left;color:var(--soft);border-bottom:1px solid var(--line);padding:4px 10px 4px 0;white-space:nowrap}
td{border-bottom:1px solid var(--line);padding:4px 10px 4px 0;vertical-align:top}
tr:last-child td{border-bottom:0}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.bar{min-width:160px;width:26%}
.meter{background:var(--track);height:10px;border-radius:3px;margin-top:6px;overflow:hidden}
.meter i{display:block;height:100%;background:var(--bar);border-radius:3px}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12.5px}
.mono{overflow-wrap:anywhere}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:420px;overflow:auto}
details{margin-top:8px}summary{cursor:pointer;color:var(--soft)}
details table{margin:4px 0 8px}
svg{display:block;max-width:100%;height:auto}
svg.chart text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
svg.chart text.soft{fill:var(--soft)}svg.chart text.in{fill:var(--on);pointer-events:none}
svg.chart line{stroke:var(--line)}
svg.chart .lane{fill:var(--track)}
.p0{fill:var(--p0)}.p1{fill:var(--p1)}.p2{fill:var(--p2)}.p3{fill:var(--p3)}.p4{fill:var(--p4)}.p5{fill:var(--p5)}.p6{fill:var(--p6)}.p7{fill:var(--p7)}
.v0{fill:var(--cell)}.v1{fill:var(--h1)}.v2{fill:var(--h2)}.v3{fill:var(--h3)}.v4{fill:var(--h4)}
.legend{display:flex;gap:14px;flex-wrap:wrap;color:var(--soft);font-size:13px;margin:6px 0}
.legend i{display:inline-block;width:12px;height:12px;border-radius:2px;margin-right:5px;vertical-align:-1px}
.map{margin:14px 0 4px;font-weight:600;font-size:14px}
svg.flame{width:100%;background:transparent}
)css";
}

}  // namespace caliptra::report
