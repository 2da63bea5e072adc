// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/profile/flamegraph.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace caliptra::profile {
namespace {

constexpr double picture_width = 1200;
constexpr unsigned row_height = 17;
constexpr unsigned margin_top = 30;
constexpr double narrowest = 0.2;
constexpr std::size_t most_boxes = 20'000;

struct Box {
  std::size_t node = 0;
  uint64_t begin = 0;
  unsigned depth = 0;
};

/// Warm colours for calls, cold ones for traps, always the same one for a name.
std::string_view colour_class(const Node& node, std::string& text) {
  uint32_t hash = 2166136261;
  for (const char character : node.name) hash = (hash ^ static_cast<unsigned char>(character)) * 16777619;
  text = fmt::format("{}{}", node.trap ? 't' : 'c', hash >> 8 & 7);
  return text;
}

// The rest is drawn by browsers: text is cut to what fits, and boxes zoom.
constexpr std::string_view script = R"js(
(function(){
var svg=document.currentScript?document.currentScript.closest('svg'):document.documentElement;
var boxes=Array.prototype.slice.call(svg.querySelectorAll('g.b')),W=1200;
function fit(g,w){var t=g.querySelector('text'),n=g.getAttribute('data-n'),c=Math.floor((w-6)/6.6);
t.textContent=c<3?'':n.length<=c?n:n.slice(0,c-1)+'\u2026';}
function zoom(a,b){boxes.forEach(function(g){var x=+g.getAttribute('data-x'),w=+g.getAttribute('data-w');
var l=Math.max(x,a),r=Math.min(x+w,b);if(r-l<=0){g.style.display='none';return;}
var s=W/(b-a),X=(l-a)*s,V=(r-l)*s;if(V<0.2){g.style.display='none';return;}
g.style.display='';var q=g.querySelector('rect');q.setAttribute('x',X.toFixed(2));q.setAttribute('width',V.toFixed(2));
g.querySelector('text').setAttribute('x',(X+3).toFixed(2));fit(g,V);});}
boxes.forEach(function(g){g.addEventListener('click',function(){
var x=+g.getAttribute('data-x'),w=+g.getAttribute('data-w');zoom(x,x+w);});});
zoom(0,W);
})();
)js";

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    switch (character) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default:
        // XML has no other control characters; bytes that are no ASCII are of names that no toolchain makes.
        escaped += static_cast<unsigned char>(character) < 0x20 || static_cast<unsigned char>(character) >= 0x7f
                       ? '?'
                       : character;
    }
  }
  return escaped;
}

std::string flamegraph_svg(std::span<const Node> tree, std::string_view title) {
  const uint64_t all = tree.empty() ? 0 : tree[0].total;
  std::vector<std::vector<std::size_t>> children(tree.size());
  for (std::size_t i = 1; i < tree.size(); ++i) children[tree[i].parent].push_back(i);

  std::vector<Box> boxes;
  std::vector<Box> to_do;
  if (all != 0) to_do.push_back({0, 0, 0});
  unsigned deepest = 0;
  const double scale = all == 0 ? 0 : picture_width / static_cast<double>(all);
  while (!to_do.empty() && boxes.size() < most_boxes) {
    const Box box = to_do.back();
    to_do.pop_back();
    boxes.push_back(box);
    deepest = std::max(deepest, box.depth);
    uint64_t begin = box.begin;
    for (const std::size_t child : children[box.node]) {
      if (static_cast<double>(tree[child].total) * scale >= narrowest) to_do.push_back({child, begin, box.depth + 1});
      begin += tree[child].total;
    }
  }

  const unsigned height = margin_top + (deepest + 1) * row_height + 6;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "class=\"flame\">\n"
      "<style>.flame text{{font:11px ui-monospace,Menlo,Consolas,monospace;fill:#1a1208;pointer-events:none}}"
      ".flame .title{{font:600 14px system-ui,sans-serif;fill:#444}}"
      "@media(prefers-color-scheme:dark){{.flame .title{{fill:#ddd}}}}"
      ".flame .b{{cursor:pointer}}.flame .b:hover rect{{stroke:#000;stroke-width:1}}"
      ".flame .c0{{fill:#f6c26b}}.flame .c1{{fill:#f4b05f}}.flame .c2{{fill:#f09d5a}}.flame .c3{{fill:#eb8a58}}.flame "
      ".c4{{fill:#f3cf7f}}.flame .c5{{fill:#"
      "e9a06e}}"
      ".flame .c6{{fill:#f7d694}}.flame .c7{{fill:#eeb27c}}"
      ".flame .t0,.flame .t2,.flame .t4,.flame .t6{{fill:#8fb8de}}.flame .t1,.flame .t3,.flame .t5,.flame "
      ".t7{{fill:#a6c8e6}}</style>\n"
      "<text class=\"title\" x=\"600\" y=\"19\" text-anchor=\"middle\">{2}</text>\n",
      static_cast<unsigned>(picture_width), height, xml_escaped(title));
  std::string colour;
  for (const Box& box : boxes) {
    const Node& node = tree[box.node];
    const double x = static_cast<double>(box.begin) * scale;
    const double width = static_cast<double>(node.total) * scale;
    const unsigned y = height - 6 - (box.depth + 1) * row_height;
    const std::string name = xml_escaped(node.name);
    const auto letters = static_cast<std::size_t>(std::max(0.0, (width - 6) / 6.6));
    const std::string shown = letters < 3 ? ""
                              : node.name.size() <= letters
                                  ? name
                                  : xml_escaped(node.name.substr(0, letters - 1)) + "\xe2\x80\xa6";
    svg += fmt::format(
        "<g class=\"b\" data-n=\"{0}\" data-x=\"{1:.4f}\" data-w=\"{2:.4f}\"><title>{0}: {3} cycles ({4:.2f} %), {5} "
        "of its own, "
        "{6} calls</title><rect class=\"{7}\" x=\"{1:.2f}\" y=\"{8}\" width=\"{2:.2f}\" height=\"{9}\" rx=\"1\"/>"
        "<text x=\"{10:.2f}\" y=\"{11}\">{12}</text></g>\n",
        name, x, width, node.total, 100.0 * static_cast<double>(node.total) / static_cast<double>(all), node.self,
        node.calls, colour_class(node, colour), y, row_height - 1, x + 3, y + 12, shown);
  }
  svg += fmt::format("<script><![CDATA[{}]]></script>\n</svg>\n", script);
  return svg;
}

}  // namespace caliptra::profile
