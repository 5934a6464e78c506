package bpnn.chart;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A page with charts in one file that needs nothing else. */
public final class HtmlPage {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private HtmlPage() {}

    /**
     * The page.
     *
     * @param title its name
     * @param body HTML from the header to the end of the main part, with the places of the charts
     * @param maker the program, for the end of the page
     * @param charts what is drawn in these places
     */
    public static String of(String title, String body, String maker, List<Chart> charts) {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        charts.forEach(chart -> figures.set(chart.id(), FigureJson.of(chart)));
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                // The page promises to need no network; this makes the browser see to it.
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                + " 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">"
                + "<link rel=\"icon\" href=\"data:,\"><title>" + text(title) + "</title><style>"
                + resource(UPLOT + "uPlot.min.css") + resource("report.css") + "</style></head><body>" + body
                + "<footer>Made by " + text(maker)
                + ". Charts: uPlot, MIT licence.</footer><script id=\"figures\" type=\"application/json\">"
                + figures.toString().replace("<", "\\u003c") + "</script><script>"
                + resource(UPLOT + "uPlot.iife.min.js") + "</script><script>" + resource("report.js")
                + "</script></body></html>\n";
    }

    /** The place of a chart, with what it shows in words. */
    public static String chart(Chart chart, String style) {
        return format(
                "<figure class=\"card %s\" data-figure=\"%s\"><figcaption>%s</figcaption><div class=\"plot\" role=\"img\""
                        + " aria-label=\"%s\"></div><div class=\"readout\"></div></figure>",
                style, chart.id(), text(chart.title()), text(chart.alternative()));
    }

    /** A button that shows or hides the curves of a contender in its chapter. */
    public static String chip(int contender, String label) {
        return format(
                "<button type=\"button\" class=\"chip tone%d\" data-contender=\"%d\" aria-pressed=\"true\">%s</button>",
                contender, contender, text(label));
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The program is incomplete: " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
