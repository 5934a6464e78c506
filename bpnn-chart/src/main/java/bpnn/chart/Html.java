package bpnn.chart;

import java.util.Locale;

/** Text in HTML. */
public final class Html {
    private Html() {}

    /** Text that stands for itself, in elements and attributes. */
    public static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** As {@link String#format(String, Object...)}, in no country's manner. */
    public static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
