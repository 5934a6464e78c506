package bpnn.web.browser;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** A page in the browser, with what it complained about and what it asked for since it was opened. */
public final class OpenPage implements AutoCloseable {
    private final Page page;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    OpenPage(Page page) {
        this.page = page;
        page.onConsoleMessage(this::hear);
        page.onPageError(error -> complaints.add("uncaught: " + error));
        page.onRequestFailed(request -> complaints.add("failed: " + request.url() + ": " + request.failure()));
        page.onRequest(request -> requests.add(request.url()));
    }

    private void hear(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.type() + ": " + message.text());
        }
    }

    /** Playwright's view of it. */
    public Page page() {
        return page;
    }

    /** Errors and warnings on the console, exceptions that nobody caught, requests that failed. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Addresses that were asked for, the page's own first; what stands in the page itself (data:) is not asked for. */
    public List<String> requests() {
        return requests.stream().filter(url -> !url.startsWith("data:")).toList();
    }

    /** How many CSS pixels the page is wider than its window; 0 if nothing has to be scrolled sideways. */
    public int overflow() {
        return (int) evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)");
    }

    /** The value of a JavaScript expression in the page. */
    public Object evaluate(String expression) {
        return page.evaluate(expression);
    }

    @Override
    public void close() {
        page.context().close();
    }
}
