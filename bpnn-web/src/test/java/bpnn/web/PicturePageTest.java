package bpnn.web;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.io.image.InputPicture;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.ReferenceBackend;
import bpnn.web.browser.Browser;
import bpnn.web.browser.OpenPage;
import com.microsoft.playwright.Locator;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for a network of colour pictures with many classes: a picture is chosen, and the likeliest classes are named. */
@Tag("once")
class PicturePageTest {
    private static final ImageFormat FORMAT = new ImageFormat(
            new ImageShape(6, 9, 3),
            IntStream.range(0, 20).mapToObj(i -> "<i>kind</i> " + i).toList(),
            Framing.WHOLE);

    @TempDir
    Path folder;

    private static Model model() {
        RandomStream random = new RandomStream(1, Purpose.WEIGHTS, 0, 0);
        Map<String, StateTensor> state = new TreeMap<>();
        state.put("fc1.weight", drawn(random, 30, 162));
        state.put("fc1.bias", drawn(random, 30));
        state.put("fc2.weight", drawn(random, 20, 30));
        state.put("fc2.bias", drawn(random, 20));
        NetworkSpec spec = new NetworkSpec(162, List.of(30), 20, Activation.TANH, 0, false, false);
        return new Model(spec, FORMAT, InputScaling.unit(), new TreeMap<>(state));
    }

    private static StateTensor drawn(RandomStream random, Integer... shape) {
        float[] values = new float[List.of(shape).stream().reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(-0.5f, 0.5f);
        }
        return new StateTensor(List.of(shape), values);
    }

    private Path picture() throws IOException {
        BufferedImage picture = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        canvas.setPaint(new GradientPaint(0, 0, Color.ORANGE, 90, 60, Color.BLUE));
        canvas.fillRect(0, 0, 90, 60);
        canvas.dispose();
        Path file = folder.resolve("sunset.png");
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }

    @Test
    void aChosenPictureIsReadAndItsClassNamed() throws IOException {
        Path picture = picture();
        Model model = model();
        List<Throwable> faults = new ArrayList<>();
        try (Browser browser = Browser.start();
                ReferenceBackend backend = new ReferenceBackend();
                LoadedModel loaded = LoadedModel.forSingleImages(backend, model);
                DrawingServer server = new DrawingServer(
                        new InetSocketAddress("127.0.0.1", 0),
                        "127.0.0.1",
                        List.of(new ServedModel("kinds", model, loaded)),
                        faults::add);
                OpenPage page = browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"), Browser.WIDE)) {
            InputPicture read = InputPicture.read(picture, FORMAT, InputPicture.Inversion.AUTO);
            float[] probabilities = loaded.read(read.dataset(FORMAT)).probabilities();
            int best = IntStream.range(0, 20)
                    .boxed()
                    .max((a, b) -> Float.compare(probabilities[a], probabilities[b]))
                    .orElseThrow();

            page.page().locator(".model").waitFor();
            page.page().locator("#file").setInputFiles(picture);

            page.page()
                    .locator(".digit b")
                    .filter(new Locator.FilterOptions().setHasText("<i>kind</i> " + best))
                    .waitFor();
            assertThat(page.page().locator("h1").textContent()).isEqualTo("Draw, or choose a picture");
            assertThat(page.page().locator(".bars li").count())
                    .as("the likeliest of many")
                    .isEqualTo(12);
            assertThat(page.page().locator(".bars li").first().textContent()).startsWith("<i>kind</i> " + best);
            assertThat(
                            page.page()
                                    .evaluate(
                                            "() => { const c = document.getElementById('seen');"
                                                    + " return [c.width, c.height, ...c.getContext('2d').getImageData(0, 0, 1, 1).data].join(); }"))
                    .isEqualTo("9,6," + (read.pixels()[0] & 0xFF) + "," + (read.pixels()[1] & 0xFF) + ","
                            + (read.pixels()[2] & 0xFF) + ",255");

            page.page().locator("#file").setInputFiles(Files.writeString(folder.resolve("prose.txt"), "no picture"));
            page.page()
                    .locator("#status")
                    .filter(new Locator.FilterOptions().setHasText("The file is not a picture that can be read"))
                    .waitFor();
            page.page().setViewportSize(Browser.PHONE.width(), Browser.PHONE.height());
            // The units are painted anew, smaller, when the page has noticed.
            page.page().waitForFunction("() => document.documentElement.scrollWidth <= innerWidth");
            assertThat(faults).isEmpty();
            assertThat(page.complaints()).hasSize(1).first().asString().contains("422");
        }
    }
}
