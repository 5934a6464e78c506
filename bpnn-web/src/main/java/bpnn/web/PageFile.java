package bpnn.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of a page; there are no others, whatever a request asks for. */
final class PageFile {
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    /** The page to draw on. */
    static final PageFile DRAWING = new PageFile(Map.of(
            "/", read("page.html", "text/html; charset=utf-8"),
            "/page.css", read("page.css", STYLE),
            "/page.js", read("page.js", SCRIPT),
            "/pad.js", read("pad.js", SCRIPT),
            "/layer.js", read("layer.js", SCRIPT),
            "/icon.svg", read("icon.svg", "image/svg+xml")));

    private final Map<String, Response> files;

    private PageFile(Map<String, Response> files) {
        this.files = Map.copyOf(files);
    }

    /** The page on which networks learn. */
    static PageFile play() {
        Map<String, Response> files = new HashMap<>();
        files.put("/", read("play.html", "text/html; charset=utf-8"));
        files.put("/play.css", read("play.css", STYLE));
        files.put("/uplot.css", read(UPLOT + "uPlot.min.css", STYLE));
        files.put("/uplot.js", read(UPLOT + "uPlot.iife.min.js", SCRIPT));
        files.put("/icon.svg", read("icon.svg", "image/svg+xml"));
        for (String script :
                List.of("play.js", "curves.js", "insight.js", "tours.js", "save.js", "visible.js", "pad.js")) {
            files.put("/" + script, read(script, SCRIPT));
        }
        return new PageFile(files);
    }

    Response at(String path) throws RequestException {
        Response file = files.get(path);
        if (file == null) {
            throw new RequestException(404, "There is nothing of that name here.");
        }
        return file;
    }

    private static Response read(String name, String type) {
        try (InputStream in = PageFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The page's file " + name + " is missing from the program");
            }
            return new Response(200, type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
