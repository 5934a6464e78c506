package bpnn.chart;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Figures as JSON; what is not a number becomes null. */
public final class FigureJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private FigureJson() {}

    /** A figure with its numbers. */
    public static ObjectNode of(Figure figure) {
        ObjectNode node = JSON.objectNode();
        node.put("id", figure.id());
        node.put("title", figure.title());
        if (figure instanceof Chart chart) {
            put(node, chart);
        } else if (figure instanceof Ridges ridges) {
            put(node, ridges);
        } else if (figure instanceof ImageStrip strip) {
            node.put("kind", "images").put("quantity", strip.quantity());
            ArrayNode items = node.putArray("items");
            strip.items()
                    .forEach(item ->
                            items.addObject().put("caption", item.caption()).put("value", item.value()));
        } else if (figure instanceof CorrelationMaps maps) {
            node.put("kind", "correlations");
            ArrayNode panels = node.putArray("panels");
            for (CorrelationMaps.Panel panel : maps.panels()) {
                ObjectNode item = panels.addObject();
                item.put("contender", panel.contender()).put("label", panel.label());
                ArrayNode rows = item.put("magnitude", panel.magnitude()).putArray("r");
                for (double[] row : panel.r()) {
                    rows.add(numbers(row));
                }
            }
        } else if (figure instanceof TanhPanels tanh) {
            node.put("kind", "tanh");
            ArrayNode panels = node.putArray("panels");
            for (TanhPanels.Panel panel : tanh.panels()) {
                ObjectNode item = panels.addObject();
                item.put("contender", panel.contender()).put("label", panel.label());
                item.put("saturated", panel.saturated()).set("density", numbers(panel.density()));
            }
        }
        return node;
    }

    private static void put(ObjectNode node, Chart chart) {
        node.put("kind", "chart");
        node.putObject("x")
                .put("label", chart.x().label())
                .put("logarithmic", chart.x().logarithmic());
        node.putObject("y")
                .put("label", chart.y().label())
                .put("logarithmic", chart.y().logarithmic());
        node.put("wedges", chart.wedges());
        Chart.Target target = chart.target();
        if (target != null) {
            node.putObject("target").put("value", target.value()).put("label", target.label());
        }
        ArrayNode series = node.putArray("series");
        for (Series curve : chart.series()) {
            ObjectNode item = series.addObject();
            item.put("contender", curve.contender()).put("label", curve.label());
            item.put("stroke", curve.stroke().name().toLowerCase(Locale.ROOT));
            item.set("x", numbers(curve.x()));
            item.set("y", numbers(curve.y()));
            item.set("low", numbers(curve.low()));
            item.set("high", numbers(curve.high()));
        }
    }

    private static void put(ObjectNode node, Ridges ridges) {
        node.put("kind", "ridges").put("axis", ridges.axis());
        node.put("low", ridges.bins().low()).put("high", ridges.bins().high());
        ArrayNode panels = node.putArray("panels");
        for (Ridges.Panel panel : ridges.panels()) {
            ObjectNode item = panels.addObject();
            item.put("contender", panel.contender()).put("label", panel.label());
            item.set("epochs", numbers(panel.epochs()));
            ArrayNode density = item.putArray("density");
            for (double[] row : panel.density()) {
                density.add(numbers(row));
            }
        }
    }

    /** Numbers. */
    public static ArrayNode numbers(double[] values) {
        ArrayNode array = JSON.arrayNode(values.length);
        for (double value : values) {
            if (Double.isFinite(value)) {
                array.add(value);
            } else {
                array.addNull();
            }
        }
        return array;
    }
}
