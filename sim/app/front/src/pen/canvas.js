// The drawing interface on a canvas: shape, disc, line, text, group. The same five words make an SVG in svg.js.

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';

export function canvasPen(ctx) {
  function paint(style, path) {
    ctx.globalAlpha = style.alpha ?? 1;
    if (style.fill) {
      ctx.fillStyle = style.fill;
      path ? ctx.fill(path) : ctx.fill();
    }
    if (style.stroke) {
      ctx.strokeStyle = style.stroke;
      ctx.lineWidth = style.width ?? 1;
      ctx.lineJoin = "round";
      ctx.lineCap = style.cap ?? "butt";
      ctx.setLineDash(style.dash ?? []);
      path ? ctx.stroke(path) : ctx.stroke();
    }
  }

  return {
    shape: (shape, style) => paint(style, shape.path),

    disc(x, y, radius, style) {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      paint(style);
    },

    /** Straight lines through points; `closed` makes an area. */
    line(points, style, closed = false) {
      ctx.beginPath();
      points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
      if (closed) ctx.closePath();
      paint(style);
    },

    /** A quadratic curve from a to b, pulled towards c. */
    curve([ax, ay], [cx, cy], [bx, by], style) {
      ctx.beginPath();
      ctx.moveTo(ax, ay);
      ctx.quadraticCurveTo(cx, cy, bx, by);
      paint(style);
    },

    text(x, y, text, { size = 12, weight = 400, italic = false, anchor = "start", fill, halo, spacing = 0, alpha = 1 }) {
      ctx.globalAlpha = alpha;
      ctx.font = `${italic ? "italic " : ""}${weight} ${size}px ${FONT}`;
      ctx.textAlign = anchor === "middle" ? "center" : anchor === "end" ? "right" : "left";
      ctx.textBaseline = "alphabetic";
      if ("letterSpacing" in ctx) ctx.letterSpacing = `${spacing}px`;
      if (halo) {
        ctx.strokeStyle = halo;
        ctx.lineWidth = 3;
        ctx.lineJoin = "round";
        ctx.setLineDash([]);
        ctx.strokeText(text, x, y);
      }
      ctx.fillStyle = fill;
      ctx.fillText(text, x, y);
    },

    /** Draw moved, enlarged and within a box [x, y, width, height], each if given. */
    group({ x = 0, y = 0, k = 1, clip }, draw) {
      ctx.save();
      ctx.translate(x, y);
      ctx.scale(k, k);
      if (clip) {
        ctx.beginPath();
        ctx.rect(...clip);
        ctx.clip();
      }
      draw();
      ctx.restore();
    },
  };
}

let ruler;
const widths = new Map();
/** Width of a text in pixels; kept, since measuring costs more than drawing. */
export function textWidth(text, size, weight = 400) {
  const key = `${weight}|${size}|${text}`;
  if (!widths.has(key)) {
    ruler ??= document.createElement("canvas").getContext("2d");
    ruler.font = `${weight} ${size}px ${FONT}`;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}
