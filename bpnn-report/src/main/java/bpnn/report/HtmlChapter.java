package bpnn.report;

import static bpnn.chart.Html.format;
import static bpnn.chart.Html.text;

import bpnn.chart.Chart;
import bpnn.chart.CorrelationMaps;
import bpnn.chart.Figure;
import bpnn.chart.HtmlPage;
import bpnn.chart.ImageStrip;
import bpnn.chart.Ridges;
import bpnn.chart.TanhPanels;
import bpnn.data.Dataset;
import bpnn.lab.experiment.Contender;
import bpnn.lab.statistics.ConfusionMatrix;
import bpnn.report.Finding.Support;
import java.util.List;

/** An experiment as HTML. */
final class HtmlChapter {
    /** So many pictures need the whole width. */
    private static final int BROAD = 3;

    private final Chapter chapter;
    private final Dataset test;
    private final ClassWords words;
    private final int seeds;
    private final StringBuilder html = new StringBuilder();

    HtmlChapter(Chapter chapter, Dataset test, int seeds) {
        this.chapter = chapter;
        this.test = test;
        this.words = new ClassWords(test);
        this.seeds = seeds;
    }

    String html() {
        String id = chapter.experiment().id();
        html.append(format(
                "<section class=\"chapter\" id=\"%s\"><h2>%s</h2>",
                id, text(chapter.experiment().title())));
        html.append("<p class=\"verdict\">").append(text(chapter.verdict()));
        html.append("<small>").append(text(chapter.evidence())).append("</small></p>");
        chips();
        figure(chapter.lead(), "lead");
        html.append("<h3>Effect: loss and accuracy</h3><p class=\"soft\">")
                .append(
                        seeds > 1
                                ? "Means over " + seeds + " seeds with 95 % bands. Touch a curve for its values."
                                : "One seed, so there are no bands.")
                .append("</p><div class=\"grid\">");
        List<Figure> effects = chapter.effects();
        for (int i = 0; i < effects.size(); i++) {
            figure(effects.get(i), i % 2 == 0 && i + 1 == effects.size() ? "wide" : "");
        }
        html.append("</div><h3>Claims, and what was measured</h3>");
        chapter.findings().forEach(this::finding);
        html.append("<h3>On the test images</h3><div class=\"arms\">");
        for (int i = 0; i < chapter.arms().size(); i++) {
            arm(i, chapter.arms().get(i));
        }
        return html.append("</div></section>").toString();
    }

    private void chips() {
        html.append("<div class=\"chips\" role=\"group\" aria-label=\"Show or hide\">");
        List<Contender> contenders = chapter.experiment().contenders();
        for (int i = 0; i < contenders.size(); i++) {
            html.append(HtmlPage.chip(i, contenders.get(i).label()));
        }
        html.append("</div>");
    }

    private void figure(Figure figure, String style) {
        if (figure instanceof Chart chart) {
            html.append(HtmlPage.chart(chart, style));
            return;
        }
        html.append(format("<figure class=\"card %s wide\"><figcaption>%s</figcaption>", style, text(figure.title())));
        if (figure instanceof TanhPanels tanh) {
            still(tanh, SvgPanels.of(tanh));
            html.append(
                    "<p class=\"readout\">Bars: what goes into tanh, over validation images. Line: tanh. Grey: where"
                            + " it is flat, and passes less than a fiftieth of a gradient.</p>");
        } else if (figure instanceof ImageStrip strip) {
            strip(strip);
        } else if (figure instanceof CorrelationMaps maps) {
            maps(maps);
        } else if (figure instanceof Ridges ridges) {
            still(ridges, SvgPanels.of(ridges));
            html.append("<p class=\"readout\">").append(text(ridges.axis())).append("; time runs downwards.</p>");
        }
        html.append("</figure>");
    }

    private void strip(ImageStrip figure) {
        html.append("<ul class=\"gallery\">");
        for (ImageStrip.Item item : figure.items()) {
            html.append(format(
                    "<li><img src=\"%s\" alt=\"%s\"><span>%2$s</span></li>",
                    InlineImage.dataUri(item.image()), text(item.caption())));
        }
        html.append("</ul>");
    }

    private void maps(CorrelationMaps figure) {
        html.append("<div class=\"panels\">");
        for (CorrelationMaps.Panel panel : figure.panels()) {
            String label = panel.label() + ": mean |r| " + Words.number(panel.magnitude());
            html.append(format(
                    "<div class=\"map\" data-arm=\"%d\"><p class=\"ui tone%1$d\">%s</p><img src=\"%s\" alt=\"%s\"></div>",
                    panel.contender(),
                    text(label),
                    InlineImage.dataUri(panel.image()),
                    text(figure.title() + ", " + label)));
        }
        html.append("</div><p class=\"readout\">Each row and column is a unit. Blue: two units rise"
                + " and fall together; orange: one rises as the other falls; the paler, the less. The order puts units"
                + " that behave alike side by side.</p>");
    }

    private void still(Figure figure, String svg) {
        html.append(format("<div role=\"group\" aria-label=\"%s\">", text(figure.alternative())));
        html.append(svg).append("</div>");
    }

    private void finding(Finding finding) {
        html.append(
                        finding.figures().size() < BROAD
                                ? "<article class=\"finding\">"
                                : "<article class=\"finding broad\">")
                .append("<div><div><p class=\"claim\"><q>")
                .append(text(finding.claim()))
                .append("</q></p><p class=\"soft ui\">")
                .append(text(finding.source()))
                .append("</p>");
        html.append("<p>").append(badge(finding.support())).append("</p></div><div>");
        html.append("<p class=\"seen\">").append(text(finding.seen())).append("</p>");
        if (!finding.details().isEmpty()) {
            html.append("<ul class=\"seen\">");
            finding.details()
                    .forEach(detail -> html.append("<li>").append(text(detail)).append("</li>"));
            html.append("</ul>");
        }
        html.append(format(
                "</div></div><div class=\"grid\" data-columns=\"%d\">",
                finding.figures().size() == 3 ? 3 : 2));
        finding.figures().forEach(figure -> figure(figure, ""));
        html.append("</div></article>");
    }

    /** What a measurement means for a claim, as a mark. */
    static String badge(Support support) {
        String tone = switch (support) {
            case SUPPORTED -> "yes";
            case NOT_SUPPORTED -> "no";
            case UNDECIDED -> "open";
        };
        return format("<span class=\"badge %s\">%s</span>", tone, text(support.words()));
    }

    private void arm(int index, ArmSummary arm) {
        html.append(format("<section class=\"card arm tone%d\" data-arm=\"%d\"><h4>", index, index))
                .append(text(arm.label()))
                .append("</h4>");
        html.append(format(
                "<p class=\"error\">%.2f %% <small>misread", 100 * arm.error().mean()));
        if (arm.error().isKnown()) {
            html.append(format(
                    ", 95 %% interval %.2f to %.2f",
                    100 * arm.error().low(), 100 * arm.error().high()));
        }
        html.append(arm.diverged() > 0 ? "; " + arm.diverged() + " runs diverged" : "")
                .append("</small></p>");
        confusion(arm);
        classes(arm.confusion());
        gallery(arm);
        html.append("</section>");
    }

    private void confusion(ArmSummary arm) {
        ConfusionMatrix confusion = arm.confusion();
        List<Integer> shown = confusion.mostConfused(ClassWords.MOST_SHOWN);
        long most = 1;
        long mistakes = 1;
        for (int truth = 0; truth < confusion.classes(); truth++) {
            for (int read = 0; read < confusion.classes(); read++) {
                long count = confusion.counts()[truth][read];
                if (truth == read) {
                    most = Math.max(most, count);
                } else {
                    mistakes = Math.max(mistakes, count);
                }
            }
        }
        html.append(format(
                        "<div class=\"scroll\"><table class=\"%s\" data-confusion><caption>",
                        words.areShort(shown) ? "cm" : "cm worded"))
                .append(format("Rows: the %s shown. Columns: the %1$s read. Sum of ", words.noun()))
                .append(Words.seeds(seeds))
                .append(
                        shown.size() < confusion.classes()
                                ? format("; the %d of %d classes with most mistakes", shown.size(), confusion.classes())
                                : "")
                .append(".</caption><tr><td class=\"nil\" style=\"--v:0%\"></td>");
        for (int read : shown) {
            html.append("<th scope=\"col\"><span>")
                    .append(text(words.name(read)))
                    .append("</span></th>");
        }
        html.append("</tr>");
        for (int truth : shown) {
            html.append("<tr><th scope=\"row\">")
                    .append(text(words.name(truth)))
                    .append("</th>");
            for (int read : shown) {
                cell(confusion.counts()[truth][read], truth == read, truth == read ? most : mistakes);
            }
            html.append("</tr>");
        }
        html.append("</table></div>");
    }

    /** Hits and mistakes have scales of their own, and mistakes a logarithmic one, or one colour would show nothing. */
    private void cell(long count, boolean hit, long most) {
        double shade = hit ? (double) count / most : Math.log1p((double) count) / Math.log1p((double) most);
        String style = count == 0 ? "nil" : (hit ? "hit " : "") + (shade > (hit ? 0.55 : 0.75) ? "strong" : "");
        html.append(format("<td class=\"%s\" style=\"--v:%.0f%%\">%d</td>", style, 88 * shade, count));
    }

    private void classes(ConfusionMatrix confusion) {
        html.append(format(
                        "<details><summary>Precision, recall and F1 of each %s</summary><table class=\"plain\"><tr><th>%1$s</th>",
                        words.noun())
                + "<th class=\"n\">precision</th><th class=\"n\">recall</th><th class=\"n\">F1</th></tr>");
        for (int of = 0; of < confusion.classes(); of++) {
            html.append(format(
                    "<tr><td>%s</td><td class=\"n\">%.4f</td><td class=\"n\">%.4f</td><td class=\"n\">%.4f</td></tr>",
                    text(words.name(of)), confusion.precision(of), confusion.recall(of), confusion.f1(of)));
        }
        html.append("</table></details>");
    }

    private void gallery(ArmSummary arm) {
        html.append("<h4>Misread most confidently</h4><ul class=\"gallery\">");
        for (ArmSummary.GalleryImage image : arm.gallery()) {
            html.append(format(
                    "<li><img src=\"%s\" alt=\"Test image %d: a %s that was read as %s\"><span><b>%3$s</b> read as"
                            + " <b>%4$s</b><br>%.0f %% sure<br>%d of %d runs</span></li>",
                    InlineImage.dataUri(test, image.image()),
                    image.image(),
                    text(words.name(image.truth())),
                    text(words.name(image.read())),
                    100 * image.confidence() * seeds / image.runs(),
                    image.runs(),
                    seeds));
        }
        html.append("</ul>");
    }
}
