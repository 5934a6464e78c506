package bpnn.app.picture;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes pictures as an animation (GIF89a). All share a palette of their most frequent colours, and of each picture only what
 * differs from the one before is kept.
 */
final class AnimatedGif {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    private static final int COLOURS = 255;
    private static final int TRANSPARENT = COLOURS;

    private final List<BufferedImage> frames = new ArrayList<>();
    private final List<Integer> hundredths = new ArrayList<>();
    private final Map<Integer, Integer> indices = new HashMap<>();

    /** @param time for which the picture is seen, in hundredths of a second */
    void add(BufferedImage frame, int time) {
        frames.add(frame);
        hundredths.add(time);
    }

    void write(Path file) throws IOException {
        int[] palette = palette();
        byte[][] parts = new byte[3][COLOURS + 1];
        for (int i = 0; i < palette.length; i++) {
            for (int part = 0; part < 3; part++) {
                parts[part][i] = (byte) (palette[i] >> (16 - 8 * part));
            }
        }
        IndexColorModel colours = new IndexColorModel(8, COLOURS + 1, parts[0], parts[1], parts[2], TRANSPARENT);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            int[] before = null;
            for (int i = 0; i < frames.size(); i++) {
                int[] now = indexed(frames.get(i), palette);
                write(writer, colours, before, now, frames.get(i), i);
                before = now;
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
    }

    /** The most frequent colours, of those that differ by more than an eye sees. */
    private int[] palette() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (BufferedImage frame : frames) {
            for (int pixel : pixels(frame)) {
                counts.merge(pixel & 0xF8F8F8, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(COLOURS)
                // White stays white.
                .mapToInt(entry -> entry.getKey() | ((entry.getKey() >> 5) & 0x070707))
                .toArray();
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private int[] indexed(BufferedImage frame, int[] palette) {
        int[] pixels = pixels(frame);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = indices.computeIfAbsent(pixels[i] & 0xFFFFFF, colour -> nearest(colour, palette));
        }
        return pixels;
    }

    private static int nearest(int colour, int[] palette) {
        int best = 0;
        int smallest = Integer.MAX_VALUE;
        for (int i = 0; i < palette.length; i++) {
            int distance = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                int difference = ((colour >> shift) & 0xFF) - ((palette[i] >> shift) & 0xFF);
                distance += difference * difference;
            }
            if (distance < smallest) {
                smallest = distance;
                best = i;
            }
        }
        return best;
    }

    private void write(
            ImageWriter writer, IndexColorModel colours, int[] before, int[] now, BufferedImage whole, int number)
            throws IOException {
        int width = whole.getWidth();
        Rectangle changed = changed(before, now, width, whole.getHeight());
        BufferedImage part = new BufferedImage(changed.width, changed.height, BufferedImage.TYPE_BYTE_INDEXED, colours);
        for (int y = 0; y < changed.height; y++) {
            for (int x = 0; x < changed.width; x++) {
                int at = (changed.y + y) * width + changed.x + x;
                boolean same = before != null && before[at] == now[at];
                part.getRaster().setSample(x, y, 0, same ? TRANSPARENT : now[at]);
            }
        }
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(part), parameters);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
        IIOMetadataNode place = node(root, "ImageDescriptor");
        place.setAttribute("imageLeftPosition", String.valueOf(changed.x));
        place.setAttribute("imageTopPosition", String.valueOf(changed.y));
        IIOMetadataNode control = node(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", "doNotDispose");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "TRUE");
        control.setAttribute("transparentColorIndex", String.valueOf(TRANSPARENT));
        control.setAttribute("delayTime", String.valueOf(hundredths.get(number)));
        if (number == 0) {
            repeatForEver(node(root, "ApplicationExtensions"));
        }
        metadata.setFromTree(FORMAT, root);
        writer.writeToSequence(new IIOImage(part, null, metadata), parameters);
    }

    private static void repeatForEver(IIOMetadataNode extensions) {
        IIOMetadataNode netscape = new IIOMetadataNode("ApplicationExtension");
        netscape.setAttribute("applicationID", "NETSCAPE");
        netscape.setAttribute("authenticationCode", "2.0");
        netscape.setUserObject(new byte[] {1, 0, 0});
        extensions.appendChild(netscape);
    }

    private static IIOMetadataNode node(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        IIOMetadataNode node = new IIOMetadataNode(name);
        root.appendChild(node);
        return node;
    }

    /** The smallest rectangle around what changes; a pixel where nothing does. */
    private static Rectangle changed(int[] before, int[] now, int width, int height) {
        if (before == null) {
            return new Rectangle(width, height);
        }
        Rectangle changed = null;
        for (int i = 0; i < now.length; i++) {
            if (before[i] != now[i]) {
                Rectangle pixel = new Rectangle(i % width, i / width, 1, 1);
                changed = changed == null ? pixel : changed.union(pixel);
            }
        }
        return changed == null ? new Rectangle(1, 1) : changed;
    }
}
